internal import IncidentModel

/// The functions of the expression language. Adding a case is all it takes to add one.
public enum ExpressionFunction: String, Sendable, CaseIterable {
  case length
  case number
  case text
  case duration
  case trim
  case lower
  case upper
  case `default`
  case contains
  case startsWith = "starts_with"
  case lines

  /// As the reference shows it: `default(x, y)`.
  public var signature: String { "\(rawValue)(\(parameters.joined(separator: ", ")))" }

  public var arity: Int { parameters.count }

  private var parameters: [String] {
    switch self {
    case .length, .number, .duration, .default: self == .default ? ["x", "y"] : ["x"]
    case .text: ["x"]
    case .trim, .lower, .upper, .lines: ["text"]
    case .contains: ["text", "part"]
    case .startsWith: ["text", "beginning"]
    }
  }

  /// What it gives, in one line.
  public var summary: String {
    switch self {
    case .length: "How many characters a text has, or how many items a list or a map has."
    case .number: "The number that a text spells, exactly: number(\"70.10\")."
    case .text: "A value as text, as it reads in a sentence."
    case .duration: "The duration that a text spells: duration(\"5s\")."
    case .trim: "The text without spaces and line ends around it."
    case .lower: "The text in lower case."
    case .upper: "The text in upper case."
    case .default: "x, or y where x is absent or null."
    case .contains: "Whether the text holds the other one somewhere."
    case .startsWith: "Whether the text begins with the other one."
    case .lines: "The lines of a text as a list, without their ends."
    }
  }
}

extension ExpressionFunction {
  /// What a call gives. `values` are `arity` many and none of them is absent or null; `default` is not called here,
  /// it decides by itself what to evaluate. The error is why these values do not fit.
  func call(_ values: [Value]) throws(Misfit) -> Value {
    switch self {
    case .length: return try length(values[0])
    case .number: return try number(values[0])
    case .text: return .text(values[0].displayText)
    case .duration: return try duration(values[0])
    case .trim: return .text(trimmed(try string(values, 0)))
    case .lower: return .text(try string(values, 0).lowercased())
    case .upper: return .text(try string(values, 0).uppercased())
    case .default: return values[0]
    case .contains: return .bool(try string(values, 0).holds(try string(values, 1)))
    case .startsWith: return .bool(try string(values, 0).utf8.starts(with: try string(values, 1).utf8))
    case .lines: return .list(splitLines(try string(values, 0)))
    }
  }

  /// Why an argument does not fit; `argument` counts from 0.
  struct Misfit: Error {
    let argument: Int
    let reason: String
  }

  private func string(_ values: [Value], _ argument: Int) throws(Misfit) -> String {
    guard case .text(let text) = values[argument] else {
      throw Misfit(argument: argument, reason: "must be text, but is \(values[argument].kind)")
    }
    return text
  }

  private func length(_ value: Value) throws(Misfit) -> Value {
    switch value {
    case .text(let text): .number(text.count)
    case .list(let items): .number(items.count)
    case .map(let members): .number(members.count)
    default: throw Misfit(argument: 0, reason: "must be text, a list or a map, but is \(value.kind)")
    }
  }

  private func number(_ value: Value) throws(Misfit) -> Value {
    switch value {
    case .number: return value
    case .text(let text):
      if let number = Number(text) { return .number(number) }
      let advice = Number(trimmed(text)) == nil ? "" : "; there are spaces around it, use trim() first"
      throw Misfit(argument: 0, reason: "does not spell a number of at most 38 digits\(advice)")
    default: throw Misfit(argument: 0, reason: "must be text, but is \(value.kind)")
    }
  }

  private func duration(_ value: Value) throws(Misfit) -> Value {
    switch value {
    case .duration: return value
    case .text(let text):
      if let duration = Duration(playbookText: text) { return .duration(duration) }
      throw Misfit(argument: 0, reason: "does not spell a duration such as 500ms, 5s, 10m, 2h or 30d")
    case .number: throw Misfit(argument: 0, reason: "is a number without a unit; write it as a product, n * 1s")
    default: throw Misfit(argument: 0, reason: "must be text, but is \(value.kind)")
    }
  }

  private func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }

  /// Lines end with `\n` or `\r\n`; an end after the last line opens no further one.
  private func splitLines(_ text: String) -> [Value] {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      .text(String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)))
    }
  }
}

extension String {
  /// Whether `part` occurs, byte by byte: unlike a search by characters it finds the `\n` of a `\r\n`.
  func holds(_ part: String) -> Bool {
    var (text, part) = (self, part)
    return text.withUTF8 { text in
      part.withUTF8 { part in
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { start in
          text[start] == first && text[start..<(start + part.count)].elementsEqual(part)
        }
      }
    }
  }
}
