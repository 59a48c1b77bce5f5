/// JSON that keeps the order in which it was written, so that the same tables always give the same bytes.
indirect enum OrderedJSON {
  case object([(key: String, value: OrderedJSON)])
  case array([OrderedJSON])
  case text(String)
  case integer(Int)
  case bool(Bool)

  static func texts(_ texts: [String]) -> OrderedJSON { .array(texts.map(OrderedJSON.text)) }

  /// Indented by two spaces.
  func written(indent: String = "") -> String {
    let inner = indent + "  "
    switch self {
    case .object(let members) where members.isEmpty: return "{}"
    case .object(let members):
      let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.written(indent: inner))" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    case .array(let items):
      if items.allSatisfy(\.isShort) { return "[\(items.map { $0.written() }.joined(separator: ", "))]" }
      return "[\n\(items.map { inner + $0.written(indent: inner) }.joined(separator: ",\n"))\n\(indent)]"
    case .text(let text): return Self.quoted(text)
    case .integer(let number): return String(number)
    case .bool(let flag): return flag ? "true" : "false"
    }
  }

  private var isShort: Bool {
    switch self {
    case .text, .integer, .bool: true
    case .object, .array: false
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
