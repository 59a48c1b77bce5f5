import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Daily and weekly maintenance", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct MaintenancePlaybookTests {
  // MARK: - Health

  @Test("health-check asks API, database and contract, and all three are verified", .needsChain)
  func healthy() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      let result = try await platform.routine("health-check")
      #expect(result.code == 0, "\(result)")
      let run = try await platform.run()
      for step in ["api", "database", "contract"] {
        #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)")
      }
      #expect(platform.api.requests("GET", "/health") == 1)
    }
  }

  @Test("An API that answers 503 fails the health check, by its code; the database is asked all the same")
  func unhealthy() async throws {
    let platform = try Platform.furnished()
    platform.api.misbehave(.status("503 Service Unavailable", body: #"{"status":"down"}"#))
    let result = try await platform.routine("health-check")
    #expect(result.code == 1, "\(result)")
    let run = try await platform.run()
    #expect(run.step("api").state == "failed")
    #expect(run.step("api").reason.contains("503"), "\(run.step("api").reason)")
    #expect(run.step("database").outcome == "done verified")
    #expect(run.step("contract").state == "failed", "nobody answers there")
  }

  // MARK: - Risk scores

  @Test("risk-calibration counts each level at its borders: 29 is low, 30 and 69 medium, 70 high")
  func calibration() async throws {
    let platform = try Platform.furnished()
    for (risk, count) in [(29, 1), (30, 2), (69, 3), (70, 4), (100, 5)] { try platform.addOrders(count, risk: risk) }
    try platform.addOrders(7, risk: 99, age: "8 days")
    let result = try await platform.routine("risk-calibration")
    #expect(result.code == 0, "\(result)")
    let rows = try await platform.outputs("distribution").json["step"]?["outputs"]?["rows"]?.items ?? []
    #expect(rows.map { $0["order_count"]?.displayText } == ["1", "5", "9", "0"])
    #expect(rows.map { $0["risk_level"]?.displayText } == ["Low", "Medium", "High", "Not scored"])
  }

  @Test("Orders without a score are not taken for high-risk ones: they fail the run")
  func unscored() async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(3)
    try platform.addOrders(2, risk: nil)
    let result = try await platform.routine("risk-calibration")
    #expect(result.code == 1, "\(result)")
    let run = try await platform.run()
    #expect(run.step("distribution").outcome == "done verified")
    #expect(run.step("all-scored").reason.contains("2 orders have no risk score"), "\(run.step("all-scored").reason)")
  }

  @Test("Without one order in the window nothing is called calibrated")
  func nothingToCalibrate() async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(3, age: "8 days")
    let result = try await platform.routine("risk-calibration")
    #expect(result.code == 1, "\(result)")
    #expect(try await platform.run().step("distribution").reason.contains("nothing to calibrate"))
  }

  // MARK: - Statistics

  @Test("analyze-tables leaves both tables analyzed, by the server's own record")
  func analyze() async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(50)
    let result = try await platform.routine("analyze-tables")
    #expect(result.code == 0, "\(result)")
    let analyzed = "SELECT count(*) FROM pg_stat_user_tables WHERE relname IN ('trades_orders', 'trades_fills')"
    #expect(try platform.database.value("\(analyzed) AND last_analyze IS NOT NULL") == "2")
    #expect(try platform.database.value("SELECT reltuples FROM pg_class WHERE relname = 'trades_orders'") == "50")
  }

  @Test("A table that the role may not analyze is passed over with a warning only: the check fails, the other is done")
  func analyzeIsPassedOver() async throws {
    let platform = try Platform.furnished()
    try platform.database.query("ALTER DATABASE \(platform.database.name) OWNER TO CURRENT_USER")
    try platform.database.query("ALTER TABLE trades_fills OWNER TO \(platform.database.name)")
    let result = try await platform.routine("analyze-tables")
    #expect(result.code == 1, "\(result)")
    let run = try await platform.run()
    #expect(run.step("analyze-orders").state == "failed")
    #expect(run.step("analyze-fills").outcome == "done verified")
    let analyzed = "SELECT relname FROM pg_stat_user_tables WHERE last_analyze IS NOT NULL"
    #expect(try platform.database.query(analyzed) == [["trades_fills"]])
  }
}
