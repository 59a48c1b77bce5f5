import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The monitoring playbooks", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct MonitoringPlaybookTests {
  private func run(_ platform: Platform, _ playbook: String, _ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(["run", playbook, "--auto"] + more)
  }

  /// Every order as its moment in seconds since 1970 and its status, for arithmetic that is not the playbook's.
  private func orders(_ database: ScratchDatabase) throws -> [(second: Int, status: String)] {
    try database.query("SELECT floor(extract(epoch FROM created_at))::bigint, status FROM trades_orders").map { row in
      (Int(row[0] ?? "") ?? 0, row[1] ?? "")
    }
  }

  private func day(_ second: Int) -> String {
    Timestamp(milliseconds: Int64(second) * 1000).calendarDate
  }

  // MARK: - Trading volume

  @Test("Trading volume counts each UTC day as arithmetic over all orders does, and opens no incident")
  func volume() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    let began = Int(Date().timeIntervalSince1970)
    let result = try await run(platform, "trading-volume")
    #expect(result.code == 0, "\(result)")
    let rows = try await platform.rows(of: "daily-volume")
    let days = Dictionary(grouping: try orders(history.database)) { day($0.second) }
    // Just after midnight nobody has ordered yet, and the day has its row all the same.
    let dates = rows.map { $0.column("date") }
    let today = try #require(dates.first)
    #expect([began, Int(Date().timeIntervalSince1970)].map(day).contains(today))
    #expect(dates == Set(days.keys).union([today]).sorted().suffix(8).reversed(), "up to \(today)")
    for row in rows {
      let orders = days[row.column("date")] ?? []
      #expect(row.column("total_orders") == "\(orders.count)")
      #expect(row.column("filled_orders") == "\(orders.count { $0.status == "filled" })")
      #expect(row.column("cancelled_orders") == "\(orders.count { $0.status == "cancelled" })")
    }
    #expect(rows.dropFirst().allSatisfy { $0.column("total_orders") == "72" }, "whole days have an order every 20 min")
    #expect(try await platform.run().json["run"]?["incident"] == .null)
  }

  @Test("A day without an order has a row that says 0")
  func quietDay() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("TRUNCATE trades_order_book, trades_fills")
    try history.database.query(
      """
      DELETE FROM trades_orders
      WHERE (created_at AT TIME ZONE 'UTC')::date = (now() AT TIME ZONE 'UTC')::date - 3
      """)
    #expect(try await run(platform, "trading-volume", "--var", "days=3").code == 0)
    let rows = try await platform.rows(of: "daily-volume")
    #expect(rows.map { $0.column("total_orders") }.suffix(3) == ["72", "72", "0"])
  }

  @Test("Days out of range are refused before anything is read", arguments: ["0", "367", "1.5", "week"])
  func days(_ days: String) async throws {
    let platform = try Platform()
    let result = try await run(platform, "trading-volume", "--var", "days=\(days)")
    #expect(result.code == 64, "\(result)")
    #expect(!platform.hasJournal)
  }

  @Test("A column that is gone fails the run, and the record names it")
  func columnMissing() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("ALTER TABLE trades_orders RENAME COLUMN created_at TO placed_at")
    let result = try await run(platform, "trading-volume")
    #expect(result.code == 1, "\(result)")
    let step = try await platform.run().step("daily-volume")
    #expect(step.state == "failed" && step.reason.contains("created_at"), "\(step.reason)")
  }

  @Test("The table stands in the terminal of a guided run, and the CSV has the same figures")
  func shownAndExported() async throws {
    let platform = try Platform()
    _ = try TradesHistory(in: platform.database)
    let terminal = try platform.terminal("run", "trading-volume", "--var", "days=40")
    let result = try await terminal.wait()
    #expect(result.code == 0, "\(result)")
    #expect(result.stdout.contains("date        total_orders  filled_orders  cancelled_orders"), "\(result)")
    #expect(result.stdout.contains("… 1 more row"), "41 days, 40 of them shown: \(result)")
    let exported = try await platform.andon("show", "RUN-1", "--step", "daily-volume", "--csv").stdout
    let rows = try await platform.rows(of: "daily-volume")
    let names = ["date", "total_orders", "filled_orders", "cancelled_orders"]
    let expected = [names] + rows.map { row in names.map { row.column($0) } }
    #expect(exported == expected.map { $0.joined(separator: ",") + "\r\n" }.joined())
    #expect(rows.count == 41)
  }

  // MARK: - Risk flags

  @Test("Risk flags count what is above the threshold, not at it, and average double precision")
  func riskFlags() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    for score in [69.99, 70, 70.01] { try history.burst(of: 1, by: "0xedge", score: score) }
    #expect(try await run(platform, "risk-flags").code == 0)
    let row = try #require(try await platform.rows(of: "high-risk").first)
    // The 72 orders of a day, by the rule that the history is made by, and the three above.
    let scores = (0..<72).map { Double($0 * 37 % 101) } + [69.99, 70, 70.01]
    let high = scores.filter { $0 > 70 }
    #expect(row.column("high_risk_orders") == "\(high.count)")
    let average = try #require(Double(row.column("avg_risk_score")))
    #expect(abs(average - high.reduce(0, +) / Double(high.count)) < 0.006)
    #expect(row.column("highest_risk_score") == "\(Int(scores.max() ?? 0))")
    #expect(row.column("total_orders") == "75")
    let atSeventyOne = try await run(platform, "risk-flags", "--var", "threshold=71")
    #expect(atSeventyOne.code == 0)
    let fewer = try #require(try await platform.rows(of: "high-risk", run: "RUN-2").first)
    #expect(fewer.column("high_risk_orders") == "\(scores.filter { $0 > 71 }.count)")
  }

  @Test("Without a high-risk order the average is NULL, and that is no failure")
  func noRisk() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("UPDATE trades_orders SET risk_score = 10")
    #expect(try await run(platform, "risk-flags").code == 0)
    let row = try #require(try await platform.rows(of: "high-risk").first)
    #expect(row.column("high_risk_orders") == "0")
    #expect(row["avg_risk_score"] == .null)
    #expect(try await platform.run().step("high-risk").outcome == "done verified")
  }

  @Test("An order that was never scored fails the check: it would be above no threshold")
  func unscored() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.burst(of: 2, by: "0xunscored", score: nil)
    let result = try await run(platform, "risk-flags")
    #expect(result.code == 1, "\(result)")
    #expect(result.output.contains("2 of 74 orders have no risk score"), "\(result)")
    #expect(try await platform.run().step("high-risk").verification == "failed")
  }

  // MARK: - Trading overview

  @Test("The overview has the dashboard's six figures, as the history is made")
  func overview() async throws {
    let platform = try Platform()
    _ = try TradesHistory(in: platform.database)
    let result = try await run(platform, "trading-overview")
    #expect(result.code == 0, "\(result)")
    let row = try #require(try await platform.rows(of: "overview").first)
    let scores = (0..<72).map { Double($0 * 37 % 101) }
    let filled = (0..<72).count { $0 % 5 < 3 }
    #expect(row.column("total_orders") == "72")
    #expect(row.column("filled") == "\(filled)")
    #expect(row.column("open") == "\((0..<72).count { $0 % 5 == 4 })")
    let average = try #require(Double(row.column("avg_risk_score")))
    #expect(abs(average - scores.reduce(0, +) / 72) < 0.006)
    #expect(row.column("highest_risk_score") == "\(Int(scores.max() ?? 0))")
    let rate = try #require(Double(row.column("fill_rate_percent")))
    #expect(abs(rate - Double(filled) * 100 / 72) < 0.006)
  }

  @Test("Without any order nothing is divided by zero; the figures prove nothing and the record says unverified")
  func noOrders() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("TRUNCATE trades_orders, trades_order_book, trades_fills")
    let result = try await run(platform, "trading-overview")
    #expect(result.code == 0, "\(result)")
    let row = try #require(try await platform.rows(of: "overview").first)
    #expect(row.column("total_orders") == "0")
    #expect(row["fill_rate_percent"] == .null && row["avg_risk_score"] == .null)
    #expect(try await platform.run().step("overview").outcome == "done unverified")
  }

  @Test("Orders of which none has a score fail the overview")
  func nullAverage() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("UPDATE trades_orders SET risk_score = NULL")
    let result = try await run(platform, "trading-overview")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("overview").verification == "failed")
    #expect(result.output.contains("none of the 72 orders has a risk score"), "\(result)")
  }

  @Test("A table that is gone fails the run, and the record names it")
  func tableMissing() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("ALTER TABLE trades_orders RENAME TO orders_v2")
    let result = try await run(platform, "trading-overview")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("overview").reason.contains("trades_orders"))
  }

  // MARK: - System health

  @Test("System health reads what the platform says about itself, and asks the API")
  func health() async throws {
    let platform = try Platform()
    _ = try TradesHistory(in: platform.database)
    let result = try await run(platform, "system-health")
    #expect(result.code == 0, "\(result)")
    let rows = try await platform.rows(of: "status")
    #expect(rows.map { $0.column("key") } == ["TRADES_ENABLED", "API_STATUS", "LAST_HEALTH_CHECK"])
    #expect(rows.map { $0.column("value") } == ["true", "ok", "ok"])
    #expect(platform.api.requests("GET", "/health") == 1)
    #expect(try await platform.run().step("api-health").outcome == "done verified")
  }

  @Test("An API that answers 500 fails the run, and what the database says is read all the same")
  func apiDown() async throws {
    let platform = try Platform()
    _ = try TradesHistory(in: platform.database)
    platform.api.misbehave(.status("500 Internal Server Error"))
    let result = try await run(platform, "system-health")
    #expect(result.code == 1, "\(result)")
    let record = try await platform.run()
    #expect(record.step("api-health").state == "failed" && record.step("api-health").reason.contains("500"))
    #expect(record.step("status").outcome == "done verified")
  }

  @Test("A key that is missing has a row that says so, and fails the run")
  func keyMissing() async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("DELETE FROM trades_config WHERE key = 'API_STATUS'")
    let result = try await run(platform, "system-health")
    #expect(result.code == 1, "\(result)")
    let row = try await platform.rows(of: "status")[1]
    #expect(row.column("key") == "API_STATUS" && row["value"] == .null && row.column("remark") == "MISSING")
    #expect(try await platform.run().step("status").verification == "failed")
  }

  @Test("A stored health check proves nothing once it is older than max_age", arguments: [(26, "OLD"), (25, "")])
  func oldCheck(hours: Int, remark: String) async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query(
      """
      UPDATE trades_config SET updated_at = now() - interval '\(hours) hours' - interval '1 second'
      WHERE key = 'LAST_HEALTH_CHECK'
      """)
    #expect(try await run(platform, "system-health").code == 0)
    #expect(try await platform.rows(of: "status")[2].column("remark") == remark)
    let expected = remark.isEmpty ? "done verified" : "done unverified"
    #expect(try await platform.run().step("status").outcome == expected)
  }

  @Test("Reading leaves the database as it was", arguments: ["trading-volume", "risk-flags", "trading-overview"])
  func readsOnly(playbook: String) async throws {
    let platform = try Platform()
    let history = try TradesHistory(in: platform.database)
    try history.database.query("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM \(history.database.name)")
    let denied = try await run(platform, playbook)
    #expect(denied.code == 1, "\(denied)")
    try history.database.query("GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(history.database.name)")
    let result = try await run(platform, playbook)
    #expect(result.code == 0, "SELECT is not enough: \(result)")
  }
}
