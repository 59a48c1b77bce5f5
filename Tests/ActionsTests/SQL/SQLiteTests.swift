import Foundation
import GRDB
import IncidentModel
import Testing

@testable import Actions

@Suite("SQL on SQLite files")
final class SQLiteTests {
  private let performer = SQLPerformer()
  private let folder: URL
  private let oneRow = RowContract(min: 1, max: 1)
  private var path: String { folder.appending(path: "shop.sqlite").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "andon-sqlite-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let database = try DatabaseQueue(path: path)
    try database.write { database in
      try database.execute(sql: "CREATE TABLE config (key TEXT PRIMARY KEY, value TEXT)")
      try database.execute(sql: "INSERT INTO config VALUES ('TRADES_ENABLED', 'true')")
      try database.execute(sql: "INSERT INTO config VALUES ('FLAG_1', 'a'), ('FLAG_2', 'b')")
    }
    try database.close()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func perform(
    _ statement: String, _ bindings: [Value] = [], read: Bool = false, rows: RowContract? = nil,
    limit: Duration = .seconds(20), lock: Duration = .seconds(5), once key: String? = nil, path: String? = nil
  ) async -> ActionResult {
    await performer.perform(
      IncidentModel.SQLRequest(
        database: .sqlite(path: path ?? self.path), connection: "database", statement: statement, bindings: bindings,
        readOnly: read, expectedRows: rows, timeLimit: limit, lockLimit: lock, exactlyOnceKey: key), mark: .fresh())
  }

  private func value(of key: String) async -> Value? {
    let result = await perform("SELECT value FROM config WHERE key = $1", [.text(key)], read: true)
    guard case .list(let rows)? = result.outputs["rows"] else { return nil }
    return rows.first?["value"]
  }

  @Test("an UPDATE of the expected one row is committed; placeholders go by number, not by appearance")
  func updateOne() async {
    let result = await perform(
      "UPDATE config SET value = $2 WHERE key = $1 -- not $3\n AND '$4' <> ''", [.text("FLAG_1"), .text("x")],
      rows: oneRow)
    #expect(result.outcome == .succeeded, "\(result)")
    #expect(result.outputs == ["rows": .list([]), "row_count": .number(1)])
    #expect(await value(of: "FLAG_1") == .text("x"))
  }

  @Test("an UPDATE that breaks its contract is rolled back", arguments: [("NO", 0), ("FLAG_%", 2)])
  func contract(pattern: String, count: Int) async {
    let result = await perform("UPDATE config SET value = 'x' WHERE key LIKE $1", [.text(pattern)], rows: oneRow)
    #expect(result.failure?.code == .rowContract)
    #expect(result.failure?.message.contains("have changed \(count) rows where exactly 1 row was expected") == true)
    #expect(await value(of: "FLAG_1") == .text("a"))
  }

  @Test("a statement that changes no rows counts none")
  func noRows() async {
    let result = await perform("CREATE TABLE other (n)", rows: RowContract(min: 0, max: 0))
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["row_count"] == .number(0))
  }

  @Test("a step declared read cannot change data")
  func readOnly() async {
    let result = await perform("UPDATE config SET value = 'x'", read: true)
    #expect(result.failure?.message.contains("declared `effect: read`") == true)
    #expect(await value(of: "FLAG_1") == .text("a"))
  }

  @Test("values keep their kind both ways")
  func values() async throws {
    let result = await perform(
      "SELECT $1 AS big, $2 AS price, $3 AS none, $4 AS yes, $5 AS json, $6 AS exact, x'00ff' AS bytes, "
        + "$7 AS hostile",
      [
        .number(Int.max), .number(try #require(Number("70.1"))), .null, .bool(true), .list([.number(1)]),
        .number(try #require(Number("12345678901234567890.123"))), .text("'; DROP TABLE config; --"),
      ], read: true)
    #expect(
      result.outputs["rows"]
        == .list([
          .map([
            "big": .number(Int.max), "price": .number(try #require(Number("70.1"))), "none": .null,
            "yes": .number(1), "json": .text("[1]"), "exact": .text("12345678901234567890.123"),
            "bytes": .text("00ff"), "hostile": .text("'; DROP TABLE config; --"),
          ])
        ]), "\(result)")
  }

  @Test("a bind list that does not fit is named as such")
  func wrongBindings() async {
    #expect(await perform("SELECT $1, $2", [.number(1)], read: true).failure?.code == .badValue)
    #expect(await perform("SELECT $1", [.number(1), .number(2)], read: true).failure?.code == .badValue)
  }

  @Test("an error names the cause and what to look at")
  func unknownTable() async {
    let result = await perform("SELECT * FROM nowhere", read: true)
    #expect(result.failure?.code == .sqlError)
    #expect(result.failure?.message == "'database' refused the statement: no such table: nowhere (SQLite 1)")
    #expect(result.failure?.advice != nil)
  }

  @Test("a file that is not there is not created")
  func noFile() async {
    let missing = folder.appending(path: "missing.sqlite").path
    let result = await perform("CREATE TABLE t (n)", path: missing)
    #expect(result.failure?.code == .connectFailed)
    #expect(!FileManager.default.fileExists(atPath: missing))
  }

  @Test("a file that is no database is told apart")
  func noDatabase() async throws {
    let other = folder.appending(path: "text").path
    try Data(repeating: 65, count: 4096).write(to: URL(filePath: other))
    #expect(await perform("SELECT 1 FROM config", read: true, path: other).failure?.code == .connectFailed)
  }

  @Test("a lock held by another process is given up on at the lock limit")
  func lock() async throws {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let other = try DatabaseQueue(path: path, configuration: configuration)
    try await other.writeWithoutTransaction { database in try database.execute(sql: "BEGIN IMMEDIATE") }
    let (result, time) = await measured {
      await perform("UPDATE config SET value = 'x' WHERE key = 'FLAG_1'", lock: .milliseconds(300))
    }
    try await other.writeWithoutTransaction { database in try database.execute(sql: "ROLLBACK") }
    #expect(result.failure?.code == .lockTimeout)
    #expect(time >= .milliseconds(300) && time < .milliseconds(300) + slack)
    #expect(await value(of: "FLAG_1") == .text("a"))
  }

  private let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "

  @Test("a statement that runs for too long is interrupted and undone")
  func timeLimit() async {
    let (result, time) = await measured {
      await perform(
        "UPDATE config SET value = (\(endless) SELECT max(i) FROM n)", limit: .milliseconds(300))
    }
    #expect(result.failure?.code == .timedOut, "\(result)")
    #expect(time >= .milliseconds(300) && time < .milliseconds(300) + slack)
    #expect(await value(of: "FLAG_1") == .text("a"))
  }

  @Test("a cancelled task ends its statement at once")
  func cancellation() async throws {
    let task = Task { [path, performer, endless] in
      await performer.perform(
        IncidentModel.SQLRequest(
          database: .sqlite(path: path), connection: "database", statement: endless + "SELECT max(i) FROM n",
          readOnly: true), mark: .fresh())
    }
    let (result, time) = await measured {
      task.cancel()
      return await task.value
    }
    #expect(result.failure?.code == .cancelled)
    #expect(time < slack)
  }

  @Test("exactly once: a second go finds the marker and changes nothing more")
  func exactlyOnce() async {
    func go(_ key: String, _ flag: String = "FLAG_1") async -> ActionResult {
      await perform(
        "UPDATE config SET value = value || 'x' WHERE key = $1", [.text(flag)], rows: oneRow, once: key)
    }
    #expect(await go("k", "NO").failure?.code == .rowContract)
    #expect(await go("k").outputs["already"] == .bool(false))
    #expect(await go("k").outputs["already"] == .bool(true))
    #expect(await value(of: "FLAG_1") == .text("ax"))
  }

  @Test("RETURNING rows are handed on, and many rows are counted truly")
  func rows() async {
    let returned = await perform(
      "UPDATE config SET value = 'x' WHERE key = 'FLAG_2' RETURNING key", rows: oneRow)
    #expect(returned.outputs["rows"] == .list([.map(["key": .text("FLAG_2")])]))
    #expect(await value(of: "FLAG_2") == .text("x"))
    let many = await perform(endless + "SELECT i FROM n LIMIT 5000", read: true)
    #expect(many.outputs["row_count"] == .number(5000))
    #expect(many.outputs["truncated"] == .bool(true))
  }
}
