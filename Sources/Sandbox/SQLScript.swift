internal import GRDB
internal import IncidentModel

/// One or more SQL statements with `:name` parameters, which are bound, never pasted.
struct SQLScript: Sendable, Hashable {
  let source: String
  /// Where it stands, for messages.
  let path: String
  /// The `:names` it reads.
  let parameters: Set<String>

  init(_ node: DefinitionNode) throws(Problem) {
    source = try node.text()
    path = node.path
    parameters = try SQLScript.parameters(in: source, path: node.path)
  }

  /// Runs every statement; a parameter without a value is NULL. The rows are those of the last statement.
  func run(in database: Database, with values: [String: Value]) throws -> [[String: Value]] {
    var bindings: [String: (any DatabaseValueConvertible)?] = [:]
    for name in parameters { bindings[name] = (values[name] ?? .null).stored }
    let statements = try database.allStatements(sql: source, arguments: StatementArguments(bindings))
    var rows: [[String: Value]] = []
    while let statement = try statements.next() {
      if statement.columnCount == 0 {
        try statement.execute()
        rows = []
      } else {
        rows = try Row.fetchAll(statement).map(Self.values)
      }
    }
    return rows
  }

  /// Compiles every statement against the tables and says what the last one returns, without running any.
  func columns(in database: Database) throws(Problem) -> [String] {
    do { return try lastColumns(in: database) } catch let problem as Problem { throw problem } catch {
      throw Problem("\(path) is not valid SQL here: \(error.shortReason)")
    }
  }

  private func lastColumns(in database: Database) throws -> [String] {
    let statements = try database.allStatements(sql: source)
    var columns: [String] = []
    while let statement = try statements.next() {
      let keyword = SQLScript.keyword(of: statement.sql)
      guard SQLScript.keywords.contains(keyword) else {
        throw Problem(
          "\(path) may not use \(keyword)",
          advice: "A request is one transaction of \(SQLScript.keywords.joined(separator: ", ")) statements.")
      }
      columns = statement.columnNames
    }
    return columns
  }

  private static func values(of row: Row) -> [String: Value] {
    Dictionary(row.map { (column, stored) in (column, Value(stored)) }, uniquingKeysWith: { _, last in last })
  }

  /// What a statement may begin with: nothing that ends the request's transaction or changes the connection.
  private static let keywords = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES"]

  /// The first word of a statement, comments skipped, in capitals.
  private static func keyword(of statement: String) -> String {
    var rest = statement[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      if rest.hasPrefix("--") {
        skip(&rest, past: "\n")
      } else if rest.hasPrefix("/*") {
        skip(&rest, past: "*/")
      } else {
        return rest.prefix(while: \.isLetter).uppercased()
      }
    }
  }

  /// Finds `:name` outside of quotes and comments, and refuses the other kinds of parameter.
  private static func parameters(in sql: String, path: String) throws(Problem) -> Set<String> {
    var names: Set<String> = []
    var rest = Substring(sql)
    while let character = rest.popFirst() {
      switch character {
      case "'", "\"", "`": skip(&rest, past: String(character))
      case "[": skip(&rest, past: "]")
      case "-" where rest.first == "-": skip(&rest, past: "\n")
      case "/" where rest.first == "*": skip(&rest, past: "*/")
      case ":":
        let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard let first = name.first, !first.isNumber else {
          throw Problem("\(path) has a ':' without a name after it")
        }
        names.insert(String(name))
        rest = rest.dropFirst(name.count)
      case "?", "@", "$":
        throw Problem("\(path) has a '\(character)' parameter", advice: "Write parameters as :name.")
      default: break
      }
    }
    return names
  }

  private static func skip(_ rest: inout Substring, past end: String) {
    rest = rest.firstRange(of: end).map { rest[$0.upperBound...] } ?? ""
  }
}

extension Value {
  /// What SQLite holds, as a value. A blob reads as text.
  fileprivate init(_ stored: DatabaseValue) {
    self =
      switch stored.storage {
      case .null: .null
      case .int64(let integer): .number(Int(integer))
      case .double(let double): Number("\(double)").map(Value.number) ?? .null
      case .string(let text): .text(text)
      case .blob(let bytes): .text(String(decoding: bytes, as: UTF8.self))
      }
  }

  /// As SQLite takes it: bools as 1 and 0, lists and maps as JSON text.
  fileprivate var stored: DatabaseValue {
    switch self {
    case .null, .absent: .null
    case .bool(let flag): (flag ? 1 : 0).databaseValue
    case .number(let number): number.integer?.databaseValue ?? number.description.databaseValue
    case .text(let text): text.databaseValue
    case .duration, .list, .map: displayText.databaseValue
    }
  }
}
