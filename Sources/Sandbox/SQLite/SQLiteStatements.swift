internal import GRDB
internal import IncidentModel

/// An open transaction on the SQLite file.
struct SQLiteTransaction: PlatformTransaction {
  let database: Database

  func run(_ script: SQLScript, with values: [String: Value]) throws -> [[String: Value]] {
    do { return try rows(of: script, with: values) } catch let error as DatabaseError {
      throw StatementFailure(isAboutValues: error.resultCode == .SQLITE_CONSTRAINT, reason: error.shortReason)
    }
  }

  private func rows(of script: SQLScript, with values: [String: Value]) throws -> [[String: Value]] {
    var bindings: [String: (any DatabaseValueConvertible)?] = [:]
    for name in script.parameters { bindings[name] = (values[name] ?? .null).stored }
    let statements = try database.allStatements(sql: script.source, arguments: StatementArguments(bindings))
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

  func columns(of script: SQLScript) throws -> [String] {
    let statements = try database.allStatements(sql: script.source)
    var columns: [String] = []
    while let statement = try statements.next() { columns = statement.columnNames }
    return columns
  }

  private static func values(of row: Row) -> [String: Value] {
    Dictionary(row.map { (column, stored) in (column, Value(stored)) }, uniquingKeysWith: { _, last in last })
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
