import Foundation
import IncidentModel

/// A response as playbooks read it.
struct HTTPAnswer {
  let response: ResponseBytes
  let times: CurlTransfer.Times
  /// Hides secrets from whatever is cut short: half a secret is not recognised later.
  let redactor: Redactor

  var outputs: [String: Value] {
    var outputs: [String: Value] = [
      "status": response.status.map { .number($0) } ?? .absent,
      "headers": .map(response.headers.mapValues { .text($0) }),
      "body": .text(text),
      "body_is_text": .bool(isText),
      "body_bytes": .number(response.bodyCount),
      "time": .map([
        "total": Self.seconds(times.total), "connect": Self.seconds(times.connect), "tls": Self.seconds(times.tls),
        "first_byte": Self.seconds(times.firstByte),
      ]),
    ]
    switch json {
    case .value(let value): outputs["json"] = value
    case .none: outputs["json"] = .absent
    case .broken(let why):
      outputs["json"] = .absent
      outputs["json_error"] = .text(why)
    }
    return outputs
  }

  var warnings: [String] {
    var warnings: [String] = []
    if isCut {
      warnings.append("the body had \(response.bodyCount) bytes; its first \(ResponseBytes.bodyLimit) are kept")
    }
    if !isText { warnings.append("the body is not UTF-8 text; what is kept of it has been repaired") }
    if case .broken(let why) = json { warnings.append(why) }
    return warnings
  }

  /// The beginning of the body, for a message.
  var excerpt: String {
    let trimmed = redactor.redact(text).trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.count > 200 ? "\(trimmed.prefix(200))…" : trimmed
  }

  private var isCut: Bool { response.bodyCount > response.body.count }
  private var text: String { String(decoding: whole, as: UTF8.self) }
  private var isText: Bool { String(validating: whole, as: UTF8.self) != nil }

  /// The bytes kept, without a character that the limit has cut in two.
  private var whole: ArraySlice<UInt8> {
    guard isCut else { return response.body[...] }
    // What is held back at the end may be the beginning of a secret that the limit has cut in two.
    var redaction = redactor.stream()
    let body = redaction.push(response.body)
    guard let lead = body.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return body[...] }
    let needed =
      switch body[lead] {
      case 0xC0...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF7: 4
      default: 1
      }
    return body.endIndex - lead < needed ? body[..<lead] : body[...]
  }

  // MARK: JSON

  private enum JSON {
    case value(Value)
    case none
    /// The server says that it is JSON, and it is not.
    case broken(String)
  }

  private var json: JSON {
    let type = response.headers["content-type"]?.lowercased() ?? ""
    let isDeclared = type.prefix { $0 != ";" }.contains("json")
    let first = response.body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if first == nil { return .none }
    guard isDeclared || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return .none }
    if isCut {
      return isDeclared ? .broken("the body is JSON of \(response.bodyCount) bytes, too large to read as JSON") : .none
    }
    if let value = try? Value.json(Data(response.body)) { return .value(value) }
    return isDeclared ? .broken("the server calls the body JSON, but it is not valid JSON: \(excerpt)") : .none
  }

  private static func seconds(_ microseconds: Int64) -> Value {
    .number(Number(Decimal(microseconds) / 1_000_000))
  }
}
