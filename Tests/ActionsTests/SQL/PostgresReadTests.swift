import Foundation
import IncidentModel
import Testing

@testable import Actions

@Suite("Reads on PostgreSQL", .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresReadTests {
  let performer = SQLPerformer()

  private func row(_ statement: String, _ bindings: [Value] = []) async throws -> [String: Value] {
    let result = await performer.perform(TestDatabase.request(statement, bindings, read: true), mark: .fresh())
    try #require(result.outcome == .succeeded, "\(result)")
    guard case .list(let rows)? = result.outputs["rows"], case .map(let members)? = rows.first else { return [:] }
    return members
  }

  @Test("a step declared read cannot change data", arguments: ["UPDATE @ SET value = 'x'", "DROP TABLE @"])
  func readOnly(template: String) async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(
      TestDatabase.request(template.replacing("@", with: table), read: true), mark: .fresh())
    #expect(result.failure?.code == .sqlError)
    #expect(result.failure?.message.contains("declared `effect: read`") == true)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("a step declared read cannot talk its transaction into writing")
  func readOnlyStays() async throws {
    let result = await performer.perform(
      TestDatabase.request("SELECT set_config('transaction_read_only', 'off', true)", read: true), mark: .fresh())
    #expect(result.failure?.code == .sqlError)
  }

  @Test("numbers come back exactly as the database holds them")
  func numbers() async throws {
    let digits = "12345678901234567890123456789012345678"
    let row = try await row(
      "SELECT $1::numeric AS big, 70.10::numeric AS price, 9223372036854775807 AS long, 0.1::float8 AS part, "
        + "'NaN'::numeric AS nan, \(digits)99::numeric AS bigger, $2::numeric AS bound",
      [.number(try #require(Number(digits))), .number(try #require(Number("70.10")))])
    #expect(row["big"]?.displayText == digits)
    #expect(row["price"]?.displayText == "70.10")
    #expect(row["bound"]?.displayText == "70.10")
    #expect(row["price"] == .number(try #require(Number("70.1"))))
    #expect(row["long"]?.displayText == "9223372036854775807")
    #expect(row["part"]?.displayText == "0.1")
    #expect(row["nan"] == .text("NaN"))
    #expect(row["bigger"] == .text(digits + "99"))
  }

  @Test("NULL, bool, text and JSON keep their kind")
  func kinds() async throws {
    let row = try await row(
      "SELECT NULL AS nothing, true AS yes, 'true' AS word, $1::jsonb AS sent, '{\"a\": [1, null]}'::json AS made, "
        + "$2::text IS NULL AS bound_null, $3::bool AS bound_bool, '\\x00ff'::bytea AS bytes",
      [.map(["k": .list([.number(1), .text("ü'\"")])]), .null, .bool(false)])
    #expect(row["nothing"] == .null)
    #expect(row["yes"] == .bool(true))
    #expect(row["word"] == .text("true"))
    #expect(row["sent"] == .map(["k": .list([.number(1), .text("ü'\"")])]))
    #expect(row["made"] == .map(["a": .list([.number(1), .null])]))
    #expect(row["bound_null"] == .bool(true))
    #expect(row["bound_bool"] == .bool(false))
    #expect(row["bytes"] == .text("\\x00ff"))
  }

  @Test("a contract holds for queries too")
  func contract() async throws {
    let result = await performer.perform(
      TestDatabase.request("SELECT 1 WHERE false", read: true, rows: RowContract(min: 1, max: 1)), mark: .fresh())
    #expect(result.failure?.code == .rowContract)
    #expect(result.failure?.message == "the query on 'database' returned 0 rows where exactly 1 row was expected")
  }

  @Test("a huge result is counted truly and kept in part")
  func huge() async throws {
    let result = await performer.perform(
      TestDatabase.request("SELECT n FROM generate_series(1, 200000) n", read: true), mark: .fresh())
    #expect(result.outputs["row_count"] == .number(200_000))
    #expect(result.outputs["truncated"] == .bool(true))
    guard case .list(let rows)? = result.outputs["rows"] else { throw CancellationError() }
    #expect(rows.count == 1000)
    #expect(rows.last == .map(["n": .number(1000)]))
    #expect(result.warnings == ["only the first 1000 of 200000 rows were kept"])
  }

  @Test("long rows are kept up to a mebibyte")
  func wide() async throws {
    let result = await performer.perform(
      TestDatabase.request("SELECT repeat('x', 100000) AS t FROM generate_series(1, 30)", read: true), mark: .fresh())
    guard case .list(let rows)? = result.outputs["rows"] else { throw CancellationError() }
    #expect(rows.count == 10)
    #expect(result.outputs["row_count"] == .number(30))
  }

  @Test("an unknown table is an error with code, place and advice")
  func unknownTable() async throws {
    let result = await performer.perform(
      TestDatabase.request("SELECT *\nFROM nowhere", read: true), mark: .fresh())
    let failure = try #require(result.failure)
    #expect(failure.code == .sqlError)
    #expect(
      failure.message
        == "'database' refused the statement: relation \"nowhere\" does not exist (SQLSTATE 42P01, line 2, column 6)")
    #expect(failure.advice?.contains("right environment") == true)
  }

  @Test("an unknown column brings the server's hint on a line of its own")
  func hint() async throws {
    let table = try await TestDatabase.makeTable()
    let result = await performer.perform(TestDatabase.request("SELECT valeu FROM \(table)", read: true), mark: .fresh())
    #expect(result.failure?.message.contains("\nHint: Perhaps you meant") == true)
  }

  @Test("a bind list that does not fit is named as such")
  func wrongBindings() async {
    let result = await performer.perform(
      TestDatabase.request("SELECT $1::int + $2::int", [.number(1)], read: true), mark: .fresh())
    #expect(result.failure?.code == .badValue)
    #expect(result.failure?.message.contains("requires 2") == true)
  }

  @Test("a missing privilege names the user")
  func privilege() async throws {
    let table = try await TestDatabase.makeTable()
    let role = "r_" + table
    try await TestDatabase.run("CREATE ROLE \(role) LOGIN PASSWORD 'other'")
    let url = try TestDatabase.url { parts in
      parts.user = role
      parts.password = "other"
    }
    let result = await performer.perform(
      TestDatabase.request("SELECT * FROM \(table)", read: true, url: url), mark: .fresh())
    #expect(result.failure?.message.contains("42501") == true)
    #expect(result.failure?.advice?.contains(role) == true)
  }
}
