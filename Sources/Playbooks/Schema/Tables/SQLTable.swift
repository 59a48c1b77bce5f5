internal import IncidentModel
internal import Yams

/// `sql: {connection: database, run: …}`
enum SQLTable {
  static let connection = Field<String>("connection", .name, required: true, "Name of a database in 'connections'")
  static let run = Field<String>(
    "run", .literal, required: true, "One SQL statement; values come in through $1, $2… and 'bind', never by template")
  static let bind = Field<[Template]>("bind", .list(.template), "The values of $1, $2…")
  static let expect = Field<RowContract>(
    "expect", RowsTable.expectation, "How many rows it must return or change; checked before COMMIT")
  static let lockTimeout = Field<Duration>("lock_timeout", .duration, "How long to wait for a lock")

  static let table = ObjectTable(
    "sql", title: "an 'sql' action", "One statement. Outputs: rows, row_count",
    [connection.info, run.info, bind.info, expect.info, lockTimeout.info])

  static let kind = Kind<SQLAction>.object(table, named: "sql") { section in
    let (connection, run, bind) = (section[connection], section[run], section[bind] ?? [])
    let (rows, lockTimeout) = (section[expect], section[lockTimeout])
    guard let connection, let run, bind.count == section.node("bind")?.sequence?.count ?? 0 else { return nil }
    return SQLAction(connection: connection, statement: run, bind: bind, rows: rows, lockTimeout: lockTimeout)
  }
}

/// `expect: {rows: 1}` or `expect: {rows: {min: 1, max: 3}}`
enum RowsTable {
  static let rows = Field<RowContract>("rows", contract, required: true, "A number, or {min, max}")
  static let min = Field<Int>("min", .integer(0), "At least so many rows")
  static let max = Field<Int>("max", .integer(0), "At most so many rows")

  static let expectationTable = ObjectTable(
    "sql_expect", title: "the 'expect' of an 'sql' action", "What must hold before COMMIT", [rows.info])
  static let table = ObjectTable("rows", title: "a number of rows", "A range of rows", [min.info, max.info])

  static let expectation = Kind<RowContract>.object(expectationTable, named: "sql_expect") { $0[rows] }

  private static let contract = Kind<RowContract>(.either([.integer(least: 0), .object("rows")])) { input, reading in
    if case .scalar = input.node {
      return Kind<Int>.integer(0).read(input, reading).map { RowContract(min: $0, max: $0) }
    }
    guard let section = reading.section(input, table) else { return nil }
    let (least, most) = (section[min], section[max])
    if least == nil, most == nil, section.isWhole {
      reading.error(at: section.place, "a number of rows needs 'min' or 'max'")
      return nil
    }
    if let most, let least, least > most {
      reading.error(at: section.place, "'min' is \(least), which is more than 'max': \(most)")
      return nil
    }
    return RowContract(min: least ?? 0, max: most)
  }
}
