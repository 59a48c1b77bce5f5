public import Foundation

/// A value of the playbook language: what parameters, outputs and expressions hold.
public enum Value: Sendable, Hashable {
  /// SQL NULL, or JSON null.
  case null
  /// The output of a step that did not run, or a name without a value. Not the same as `null`.
  case absent
  case bool(Bool)
  case number(Number)
  case text(String)
  case duration(Duration)
  case list([Value])
  case map([String: Value])

  public static func number(_ integer: Int) -> Value { .number(Number(integer)) }

  /// The word for the kind of value, as messages use it.
  public var kind: String {
    switch self {
    case .null: "null"
    case .absent: "absent"
    case .bool: "a bool"
    case .number: "a number"
    case .text: "text"
    case .duration: "a duration"
    case .list: "a list"
    case .map: "a map"
    }
  }

  /// How the value reads inside a sentence, an argument or a message. Lists and maps read as JSON.
  public var displayText: String {
    switch self {
    case .null: "null"
    case .absent: "absent"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): number.description
    case .text(let text): text
    case .duration(let duration): duration.playbookText
    case .list, .map: jsonText
    }
  }

  /// Compact JSON with sorted keys. `absent` reads as null.
  public var jsonText: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  /// Reads JSON, keeping numbers exact. Throws what the JSON decoder throws.
  public static func json(_ bytes: Data) throws -> Value { try JSONDecoder().decode(Value.self, from: bytes) }

  /// The member of a map, `nil` for anything else or a missing key.
  public subscript(key: String) -> Value? {
    if case .map(let members) = self { members[key] } else { nil }
  }
}

/// JSON as it is, and `{"$duration": "5s"}` for a duration, so that recorded outputs read back as they were.
extension Value: Codable {
  private static let durationKey = "$duration"

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .bool(flag)
    } else if let number = try? container.decode(Decimal.self) {
      self = .number(Number(number))
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Value].self) {
      self = .list(list)
    } else {
      let members = try container.decode([String: Value].self)
      if members.count == 1, case .text(let text)? = members[Self.durationKey],
        let duration = Self.recordedDuration(text)
      {
        self = .duration(duration)
      } else {
        self = .map(members)
      }
    }
  }

  /// Unlike a playbook, a recorded output may hold a negative duration: the difference of two.
  private static func recordedDuration(_ text: String) -> Duration? {
    guard text.hasPrefix("-") else { return Duration(playbookText: text) }
    return Duration(playbookText: String(text.dropFirst())).map { .zero - $0 }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null, .absent: try container.encodeNil()
    case .bool(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number.decimal)
    case .text(let text): try container.encode(text)
    case .duration(let duration): try container.encode([Self.durationKey: duration.playbookText])
    case .list(let items): try container.encode(items)
    case .map(let members): try container.encode(members)
    }
  }
}
