import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Two at once", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct BusyTests {
  @Test("The second pull gets 75 and is told who owns the run; looking and noting work meanwhile; the first succeeds")
  func secondPull() async throws {
    let platform = try Platform()
    let holder = try platform.database.foreignSession(named: "psql-of-somebody")
    try holder.run("BEGIN")
    let held = try holder.run("SELECT pg_backend_pid() FROM trades_config WHERE key = 'TRADES_ENABLED' FOR UPDATE")
    let blocker = try #require(held.first?.first ?? nil)

    let first = try platform.start("pull", "pause-trading", "--confirm", "PAUSE")
    try await platform.untilUpdateWaits()

    let second = try await platform.pull()
    #expect(second.code == 75, "\(second)")
    #expect(second.stderr.contains("\(first.pid)"), "the owner's process is not named: \(second)")
    #expect(second.stderr.contains("RUN-1"), "\(second)")
    #expect(second.stderr.contains("responder@"), "\(second)")

    for arguments in [["status"], ["history"], ["show", "RUN-1"], ["show", "INC-1"], ["note", "the lock is known"]] {
      let result = try await AndonProgram(environment: platform.variables).run(arguments)
      #expect(result.code == 0, "\(arguments): \(result)")
      #expect(result.elapsed < .seconds(10), "\(arguments) waited for the run")
    }
    #expect(first.isRunning)
    let status = try await platform.andon("status")
    #expect(status.stdout.contains("RUN-1") && status.stdout.contains("running"), "\(status)")

    // The lock holder is named while it holds everything up, not only afterwards.
    try await eventually("the holder of the lock is named") {
      (first.stdout + first.stderr).contains(blocker) && (first.stdout + first.stderr).contains("psql-of-somebody")
    }
    try holder.run("ROLLBACK")
    let result = try await first.wait()
    #expect(result.code == 4, "\(result)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(try await platform.run().step("disable-trades").outcome == "done verified")
    #expect(try await platform.andon("show", "INC-1").stdout.contains("the lock is known"))
    #expect(try await platform.andon("journal", "verify").code == 0)
  }

  @Test("A lock that is never released: the step fails in time, names the holder, and the rest runs")
  func lockNeverReleased() async throws {
    let platform = try Platform()
    let holder = try platform.database.foreignSession(named: "stuck-migration")
    try holder.run("BEGIN")
    try holder.run("SELECT 1 FROM trades_config WHERE key = 'TRADES_ENABLED' FOR UPDATE")
    let result = try await platform.pull()
    #expect(result.code == 1, "\(result)")
    #expect(result.elapsed < .seconds(60))
    let run = try await platform.run()
    #expect(run.step("disable-trades").state == "failed")
    #expect(run.step("disable-trades").reason.contains("stuck-migration"), "\(run.step("disable-trades").reason)")
    #expect(platform.discord.messages.count == 1)
    try holder.run("ROLLBACK")
    #expect(try platform.database.tradesEnabled == "true", "it took effect after it was said to have failed")
  }

  @Test("A parked run blocks nobody")
  func parkedRunBlocksNothing() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let again = try await platform.pull()
    #expect(again.code == 4, "\(again)")
    #expect(again.stdout.contains("RUN-2"))
  }

  @Test("Notes from many processes at once all arrive, and the chain holds")
  func manyWriters() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for number in 1...12 {
        group.addTask { try await platform.andon("note", "INC-1", "note number \(number).").code }
      }
      var codes: [Int32] = []
      for try await code in group { codes.append(code) }
      return codes
    }
    #expect(codes == Array(repeating: 0, count: 12))
    let shown = try await platform.andon("show", "INC-1").stdout
    for number in 1...12 { #expect(shown.contains("note number \(number).")) }
    #expect([0, 3].contains(try await platform.andon("journal", "verify").code))
  }
}

extension Platform {
  /// Waits until the kill switch's UPDATE waits for somebody's lock.
  func untilUpdateWaits() async throws {
    try await eventually("the UPDATE waits for the lock") {
      try database.value(
        """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND query LIKE 'UPDATE trades_config%'
        """) == "1"
    }
  }
}
