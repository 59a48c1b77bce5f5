import Foundation
import IncidentModel
import Testing

@testable import Actions

@Suite("Changes on PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresChangeTests {
  let performer = SQLPerformer()
  let oneRow = RowContract(min: 1, max: 1)

  @Test("an UPDATE of the expected one row is committed and says so")
  func updateOne() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request(
        "UPDATE \(table) SET value = $1 WHERE key = $2", [.text("false"), .text("TRADES_ENABLED")], rows: oneRow),
      mark: .fresh())
    #expect(result.outcome == .succeeded)
    #expect(result.outputs == ["rows": .list([]), "row_count": .number(1)])
    #expect(result.warnings.isEmpty)
    #expect(try await TestDatabase.value(of: "TRADES_ENABLED", in: table) == .text("false"))
  }

  @Test("an UPDATE of 0 rows where 1 was expected fails and changes nothing")
  func updateNone() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request(
        "UPDATE \(table) SET value = 'false' WHERE key = $1", [.text("TRADES_ENABELD")], rows: oneRow), mark: .fresh())
    let failure = try #require(result.failure)
    #expect(result.outcome == .failed(failure))
    #expect(failure.code == .rowContract)
    #expect(
      failure.message == "the statement on 'database' would have changed 0 rows where exactly 1 row was expected; "
        + "rolled back, nothing changed")
    #expect(failure.advice?.contains("WHERE") == true)
    #expect(result.outputs["row_count"] == .number(0))
  }

  @Test("an UPDATE of 2 rows where 1 was expected is rolled back")
  func updateTwo() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x' WHERE key LIKE 'FLAG_%'", rows: oneRow), mark: .fresh())
    #expect(result.failure?.code == .rowContract)
    #expect(result.failure?.message.contains("2 rows where exactly 1 row was expected") == true)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("RETURNING rows are counted by the contract and handed on")
  func returning() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request(
        "UPDATE \(table) SET value = 'x' WHERE key LIKE 'FLAG_%' RETURNING key", rows: RowContract(min: 2, max: nil)),
      mark: .fresh())
    #expect(result.outcome == .succeeded)
    #expect(result.outputs["row_count"] == .number(2))
    #expect(result.outputs["rows"] == .list([.map(["key": .text("FLAG_1")]), .map(["key": .text("FLAG_2")])]))
  }

  @Test("a bound value is data, whatever it holds")
  func bindings() async throws {
    let table = try await TestDatabase.makeTable()
    let hostile = "'; DROP TABLE \(table); -- $1 \\"
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = $1 WHERE key = 'FLAG_1'", [.text(hostile)], rows: oneRow),
      mark: .fresh())
    #expect(result.outcome == .succeeded)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text(hostile))
  }

  @Test(
    "a value that cannot be sent whole is refused before anything happens",
    arguments: [Value.absent, .text("a\0b")])
  func unsendable(value: Value) async {
    let result = await performer.perform(TestDatabase.request("SELECT $1", [value]), mark: .fresh())
    #expect(result.failure?.code == .badValue)
    #expect(result.failure?.message.contains("$1") == true)
  }

  @Test(
    "a statement that begins or ends a transaction is refused",
    arguments: [
      "COMMIT", " /* x */ rollback", "begin", "-- y\n End", ";abort", "PREPARE/**/TRANSACTION 'x'", "release here",
    ])
  func transactionControl(statement: String) async {
    let result = await performer.perform(TestDatabase.request(statement), mark: .fresh())
    #expect(result.failure?.code == .badValue)
  }

  @Test("a statement that cannot run in a transaction is refused with advice")
  func vacuum() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(TestDatabase.request("VACUUM \(table)"), mark: .fresh())
    #expect(result.failure?.code == .sqlError)
    #expect(result.failure?.message.contains("25001") == true)
    #expect(result.failure?.advice?.contains("psql in a command step") == true)
  }

  @Test("two statements in one step are refused and neither happens")
  func twoStatements() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x'; UPDATE \(table) SET value = 'y'"), mark: .fresh())
    #expect(result.failure?.code == .sqlError)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("an error that only COMMIT finds is a failure that changed nothing")
  func deferredConstraint() async throws {
    let table = try await TestDatabase.makeTable()
    try await TestDatabase.run(
      "ALTER TABLE \(table) ADD COLUMN parent text REFERENCES \(table)(key) DEFERRABLE INITIALLY DEFERRED")
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET parent = 'nobody', value = 'x' WHERE key = 'FLAG_1'", rows: oneRow),
      mark: .fresh())
    let failure = try #require(result.failure)
    #expect(result.outcome == .failed(failure))
    #expect(failure.message.contains("refused to commit"))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("copying from the client is refused, and the connection is not used again")
  func copy() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(TestDatabase.request("COPY \(table) FROM STDIN"), mark: .fresh())
    #expect(result.failure?.code == .sqlError)
    let next = await performer.perform(TestDatabase.request("SELECT 1", read: true), mark: .fresh())
    #expect(next.outcome == .succeeded)
  }

  @Test("what one step sets in its session is gone for the next")
  func sessionIsClean() async {
    _ = await performer.perform(
      TestDatabase.request("SELECT set_config('search_path', 'nowhere', false), pg_advisory_lock(4711)"),
      mark: .fresh())
    let result = await performer.perform(
      TestDatabase.request(
        "SELECT current_setting('search_path') AS path, "
          + "(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711) AS locks", read: true),
      mark: .fresh())
    #expect(
      result.outputs["rows"] == .list([.map(["path": .text("\"$user\", public"), "locks": .number(0)])]), "\(result)")
  }

  @Test("exactly once: a second go finds the marker and changes nothing more")
  func exactlyOnce() async throws {
    let table = try await TestDatabase.makeTable()
    let key = UUID().uuidString
    func go() async -> ActionResult {
      await performer.perform(
        TestDatabase.request(
          "UPDATE \(table) SET value = value || 'x' WHERE key = 'FLAG_1'", rows: oneRow, once: key), mark: .fresh())
    }
    let first = await go()
    #expect(first.outcome == .succeeded)
    #expect(first.outputs["already"] == .bool(false))
    let second = await go()
    #expect(second.outcome == .succeeded)
    #expect(second.outputs == ["already": .bool(true), "rows": .list([]), "row_count": .number(1)])
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("ax"))
  }

  @Test("exactly once: a broken contract leaves no marker")
  func markerRollsBack() async throws {
    let table = try await TestDatabase.makeTable()
    let key = UUID().uuidString
    let broken = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x' WHERE key = 'NO'", rows: oneRow, once: key), mark: .fresh())
    #expect(broken.failure?.code == .rowContract)
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'", rows: oneRow, once: key),
      mark: .fresh())
    #expect(result.outputs["already"] == .bool(false))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("x"))
  }

  @Test("exactly once without the right to keep markers says what to run, and changes nothing")
  func markerPrivilege() async throws {
    let table = try await TestDatabase.makeTable()
    let role = "r_" + table
    try await TestDatabase.run("CREATE ROLE \(role) LOGIN PASSWORD 'other'")
    try await TestDatabase.run("GRANT ALL ON \(table) TO \(role)")
    let url = try TestDatabase.url { parts in
      parts.user = role
      parts.password = "other"
    }
    let result = await performer.perform(
      TestDatabase.request(
        "UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'", rows: oneRow, once: UUID().uuidString, url: url),
      mark: .fresh())
    #expect(result.failure?.code == .notConfigured)
    #expect(result.failure?.advice?.contains("GRANT INSERT ON andon_marker TO \"\(role)\"") == true)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("a database that its owner made read-only stays so")
  func readOnlyUser() async throws {
    let table = try await TestDatabase.makeTable()
    let role = "r_" + table
    try await TestDatabase.run("CREATE ROLE \(role) LOGIN PASSWORD 'other'")
    try await TestDatabase.run("GRANT ALL ON \(table) TO \(role)")
    try await TestDatabase.run("ALTER ROLE \(role) SET default_transaction_read_only = on")
    let url = try TestDatabase.url { parts in
      parts.user = role
      parts.password = "other"
    }
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'", url: url), mark: .fresh())
    #expect(result.failure?.message.contains("25006") == true)
    #expect(result.failure?.advice?.contains("default_transaction_read_only") == true)
  }
}
