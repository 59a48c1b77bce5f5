import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The slow query review", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct SlowQueryPlaybookTests {
  private func counted() throws -> Platform {
    let platform = try Platform.furnished()
    try platform.database.query("CREATE EXTENSION pg_stat_statements")
    try platform.database.query("GRANT pg_read_all_stats TO \(platform.database.name)")
    return platform
  }

  @Test("It lists the slowest statements about the platform's tables of this database, the slowest first")
  func slowest() async throws {
    let platform = try counted()
    try platform.database.query("SELECT count(*), pg_sleep(0.2) FROM trades_orders")
    try platform.database.query("SELECT count(*) FROM trades_fills")
    try platform.database.query("SELECT pg_sleep(0.3)")
    let result = try await platform.routine("slow-queries", "limit=100")
    #expect(result.code == 0, "\(result)")
    let rows = try await platform.outputs("slowest").json["step"]?["outputs"]?["rows"]?.items ?? []
    let first = try #require(rows.first)
    #expect(first["query"]?.displayText.contains("FROM trades_orders") == true, "\(first.jsonText)")
    #expect((Double(first["mean_ms"]?.displayText ?? "") ?? 0) >= 200)
    #expect(rows.contains { $0["query"]?.displayText.contains("FROM trades_fills") == true })
    #expect(!rows.contains { $0["query"]?.displayText.hasPrefix("SELECT pg_sleep") == true })
  }

  @Test("With a limit for the mean, a statement above it fails the run and is named")
  func tooSlow() async throws {
    let platform = try counted()
    try platform.database.query("SELECT count(*), pg_sleep(0.2) FROM trades_orders")
    let result = try await platform.routine("slow-queries", "mean_ms_max=150")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("fast-enough").state == "failed")
    let rows = try await platform.outputs("fast-enough").json["step"]?["outputs"]?["rows"]?.items ?? []
    #expect(rows.first?["query"]?.displayText.contains("trades_orders") == true)
  }

  @Test("Without the extension it shows what there is, says what is missing and how to get it, and ends with 3")
  func notCounted() async throws {
    let platform = try Platform.furnished()
    let result = try await platform.routine("slow-queries")
    #expect(result.code == 3, "\(result)")
    let run = try await platform.run()
    #expect(run.step("slowest").state == "skipped")
    #expect(run.step("busiest-tables").state == "done")
    #expect(run.step("not-counted").state == "failed")
    #expect(run.step("not-counted").reason.contains("CREATE EXTENSION pg_stat_statements"))
    let rows = try await platform.outputs("busiest-tables").json["step"]?["outputs"]?["rows"]?.items ?? []
    let tables = rows.compactMap { $0["relname"]?.displayText }
    #expect(tables.contains("trades_orders") && tables.contains("trades_fills"), "\(tables)")
  }
}
