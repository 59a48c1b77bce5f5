import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The clean-up of expired orders", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct CleanupPlaybookTests {
  /// Three orders to remove, and three to leave: too young, or not expired.
  private func old() throws -> Platform {
    let platform = try Platform.furnished()
    try platform.addOrders(3, status: "expired", age: "31 days")
    try platform.addOrders(1, status: "expired", age: "29 days")
    try platform.addOrders(2, status: "filled", age: "90 days")
    return platform
  }

  @Test("It removes the expired orders older than the limit, and nothing else; --var older_than moves the limit")
  func removes() async throws {
    let platform = try old()
    let result = try await platform.routine("cleanup-expired-orders", confirm: "DELETE")
    #expect(result.code == 0, "\(result)")
    #expect(try platform.count("trades_orders") == 3)
    #expect(try platform.count("trades_orders WHERE status = 'expired'") == 1)
    let run = try await platform.run()
    #expect(run.step("remove").outcome == "done verified", "\(run.step("remove").reason)")
    let preview = try await platform.outputs("preview").json["step"]?["outputs"]?["rows"]?.items.first
    #expect(preview?["found"]?.displayText == "3")

    let again = try await platform.routine("cleanup-expired-orders", "older_than=20d", confirm: "DELETE")
    #expect(again.code == 0, "\(again)")
    #expect(try platform.count("trades_orders WHERE status = 'expired'") == 0)
  }

  @Test("With nothing to remove it removes nothing and is done")
  func nothing() async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(2)
    let result = try await platform.routine("cleanup-expired-orders", confirm: "DELETE")
    #expect(result.code == 0, "\(result)")
    #expect(try await platform.run().step("remove").state == "skipped")
    #expect(try platform.count("trades_orders") == 2)
  }

  @Test("Without the word nothing is touched; a wrong one is 2")
  func word() async throws {
    let platform = try old()
    #expect(try await platform.routine("cleanup-expired-orders").code == 64)
    #expect(try await platform.routine("cleanup-expired-orders", confirm: "REMOVE").code == 2)
    #expect(try platform.count("trades_orders") == 6)
  }

  @Test("More orders than max_rows stop it before anything is removed")
  func tooMany() async throws {
    let platform = try old()
    let result = try await platform.routine("cleanup-expired-orders", "max_rows=2", confirm: "DELETE")
    #expect(result.code == 1, "\(result)")
    #expect(try platform.count("trades_orders") == 6)
    let reason = try await platform.run().step("not-too-many").reason
    #expect(reason.contains("3 orders would be removed, more than 2"), "\(reason)")
  }

  @Test("When one more order fits than was previewed, nothing is removed, and the record says so")
  func moreThanPreviewed() async throws {
    let platform = try old()
    let terminal = try platform.terminal("run", "cleanup-expired-orders", "--yes")
    try #require(await terminal.expect("DELETE or a letter: "), "\(terminal.transcript)")
    #expect(terminal.transcript.contains("Remove exactly the 3 expired orders"))
    try platform.addOrders(1, status: "expired", age: "40 days")
    terminal.send("DELETE")
    try await terminal.say("q", at: "choice: ")
    #expect(try await terminal.wait().code == 1, "\(terminal.transcript)")
    #expect(try platform.count("trades_orders") == 7)
    #expect(try platform.count("trades_orders_removed") == 0)
    let step = try await platform.run().step("remove")
    #expect(step.state == "failed")
    #expect(step.reason.contains("0 rows") && step.reason.contains("rolled back"), "\(step.reason)")
  }

  @Test("An order that others still refer to is not torn out: the server refuses, and all of them stay")
  func referredTo() async throws {
    let platform = try old()
    try platform.database.query("INSERT INTO trades_fills (order_id, amount) SELECT min(id), 1 FROM trades_orders")
    let result = try await platform.routine("cleanup-expired-orders", confirm: "DELETE")
    #expect(result.code == 1, "\(result)")
    #expect(try platform.count("trades_orders") == 6)
    #expect(try await platform.run().step("remove").reason.contains("trades_fills"))
  }

  @Test("restore-expired-orders brings back what was removed, as it was, and only once")
  func restores() async throws {
    let platform = try old()
    let all = "SELECT o::text FROM trades_orders AS o ORDER BY id"
    let before = try platform.database.query(all)
    #expect(try await platform.routine("cleanup-expired-orders", confirm: "DELETE").code == 0)
    #expect(try platform.count("trades_orders") == 3)
    let result = try await platform.routine("restore-expired-orders")
    #expect(result.code == 0, "\(result)")
    #expect(try platform.database.query(all) == before)
    let again = try await platform.routine("restore-expired-orders")
    #expect(again.code == 1, "\(again)")
    #expect(try platform.database.query(all) == before)
  }
}
