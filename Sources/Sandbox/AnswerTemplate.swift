internal import IncidentModel

/// The JSON of an answer, where a text that is `$name` and nothing else stands for a value.
///
/// `$column` is a column of the first row, or a parameter of the request; `$column?` makes it `true` or `false`;
/// `$row` is the first row, `$rows` are all of them; `$$` begins a text with a dollar sign.
indirect enum AnswerTemplate: Sendable {
  case fixed(Value)
  case rows
  case row
  case name(String, asFlag: Bool)
  case list([AnswerTemplate])
  case map([String: AnswerTemplate])

  init(_ value: Value) {
    switch value {
    case .list(let items): self = .list(items.map(AnswerTemplate.init))
    case .map(let members): self = .map(members.mapValues(AnswerTemplate.init))
    case .text("$rows"): self = .rows
    case .text("$row"): self = .row
    case .text(let text) where text.hasPrefix("$$"): self = .fixed(.text(String(text.dropFirst())))
    case .text(let text) where text.hasPrefix("$") && text.count > 1:
      let asFlag = text.hasSuffix("?")
      self = .name(String(text.dropFirst().dropLast(asFlag ? 1 : 0)), asFlag: asFlag)
    default: self = .fixed(value)
    }
  }

  /// Every `$name` in it.
  var names: Set<String> {
    switch self {
    case .fixed, .rows, .row: []
    case .name(let name, _): [name]
    case .list(let items): items.reduce(into: []) { $0.formUnion($1.names) }
    case .map(let members): members.values.reduce(into: []) { $0.formUnion($1.names) }
    }
  }

  func value(rows: [[String: Value]], request: [String: Value]) -> Value {
    switch self {
    case .fixed(let value): value
    case .rows: .list(rows.map(Value.map))
    case .row: rows.first.map(Value.map) ?? .null
    case .name(let name, let asFlag):
      {
        let value = rows.first?[name] ?? request[name] ?? .null
        return asFlag ? .bool(value.holds) : value
      }()
    case .list(let items): .list(items.map { $0.value(rows: rows, request: request) })
    case .map(let members): .map(members.mapValues { $0.value(rows: rows, request: request) })
    }
  }
}

extension Value {
  /// SQLite has no bools: 0 and NULL are false, other numbers true. Text is not taken for either.
  fileprivate var holds: Bool {
    switch self {
    case .bool(let flag): flag
    case .number(let number): number != Number(0)
    default: false
    }
  }
}
