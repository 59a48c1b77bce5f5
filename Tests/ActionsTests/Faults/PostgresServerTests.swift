import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

/// A server of its own, because it is killed again and again.
@Suite(
  "Servers that are killed, stopped and recovering", .serialized,
  .enabled(if: PostgresCluster.isThere, Comment(rawValue: PostgresCluster.absence)), .timeLimit(.minutes(20)))
struct PostgresServerTests {
  private let cluster: PostgresCluster
  private let performer = SQLPerformer()
  private let oneRow = RowContract(min: 1, max: 1)

  init() throws {
    cluster = try PostgresCluster()
    let session = try cluster.session()
    try session.run("CREATE TABLE flag (key text PRIMARY KEY, value text)")
    try session.run("INSERT INTO flag VALUES ('trading', 'on')")
    // COMMIT of a change takes its time where the value says so.
    try session.run(
      """
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN IF NEW.value LIKE 'slow%' THEN PERFORM pg_sleep(2); END IF; RETURN NULL; END$$
      """)
    try session.run(
      """
      CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON flag DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION dawdle()
      """)
  }

  private func change(to value: String, slow: Bool = false, limit: Duration = .seconds(20), url: String? = nil)
    -> SQLRequest
  {
    let statement = "UPDATE flag SET value = $1 \(slow ? "FROM pg_sleep(2)" : "") WHERE key = 'trading'"
    return TestDatabase.request(statement, [.text(value)], rows: oneRow, limit: limit, url: url ?? cluster.url)
  }

  private var value: String? {
    get throws { try cluster.session().run("SELECT value FROM flag WHERE key = 'trading'").first?.first ?? nil }
  }

  /// The process that serves an attempt, once its transaction has got as far as `query`.
  private func backend(of mark: AttemptMark, at query: String) async throws -> pid_t {
    var pid: pid_t?
    try await eventually("the server works on \(query)") {
      // Another session each time: one that was killed takes all others along, a moment later.
      let rows = try? cluster.session().run(
        "SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND state = 'active' AND query LIKE $2",
        [mark.text, "\(query)%"])
      pid = rows?.first?.first.flatMap { $0 }.flatMap { pid_t($0) }
      return pid != nil
    }
    return try #require(pid)
  }

  /// What the server does while the change is at `query`, and what comes of the attempt.
  private func attempt(
    _ request: SQLRequest, at query: String, _ strike: (pid_t) throws -> Void
  ) async throws -> (result: ActionResult, overrun: Duration) {
    let (mark, start, performer) = (AttemptMark.fresh(), ContinuousClock.now, performer)
    let task = Task { await performer.perform(request, mark: mark) }
    try strike(try await backend(of: mark, at: query))
    let struck = ContinuousClock.now
    let result = await task.value
    let allowed = request.timeLimit > .seconds(10) ? struck : start + request.timeLimit
    return (result, Heartbeat.shared.overrun(of: .zero, since: allowed))
  }

  private func restart() throws {
    cluster.kill()
    try cluster.start()
    try cluster.waitUntilReady()
  }

  /// A session that was killed takes all others along, a moment later, `witness` among them.
  private func recovers(from witness: ScratchDatabase.Session) async throws {
    try await eventually("all sessions are ended") { (try? witness.run("SELECT 1")) == nil }
    try cluster.waitUntilReady()
  }

  // MARK: - Killed

  @Test("a session killed in the middle of a statement has failed and changed nothing; killed at COMMIT it is unknown")
  func killedSession() async throws {
    for round in 1...Figures.tries(quick: 3, long: 50) {
      var witness = try cluster.session()
      let early = try await attempt(change(to: "a\(round)", slow: true), at: "UPDATE") { kill($0, SIGKILL) }
      #expect(early.result.isFailure && early.result.code == .connectionLost, "\(early.result)")
      #expect(early.overrun < .seconds(1))
      try await recovers(from: witness)
      #expect(try value == "on")

      witness = try cluster.session()
      let late = try await attempt(change(to: "slow\(round)"), at: "COMMIT") { kill($0, SIGKILL) }
      #expect(late.result.unknownReason == .connectionLost, "\(late.result)")
      #expect(late.overrun < .seconds(1))
      try await recovers(from: witness)
      #expect(try value == "on")
    }
    Figures.record(
      ["kills": 2 * Figures.tries(quick: 3, long: 50)],
      promise: "A database that dies under a change is told rightly",
      attack: "SIGKILL of the session, in the statement and at COMMIT",
      in: "Network")
  }

  @Test("a whole server killed in a statement or at COMMIT: failed or unknown at once, and the next step works again")
  func killedServer() async throws {
    for round in 1...Figures.tries(quick: 2, long: 30) {
      let early = try await attempt(change(to: "a\(round)", slow: true), at: "UPDATE") { _ in cluster.kill() }
      #expect(early.result.isFailure && early.result.code == .connectionLost, "\(early.result)")
      #expect(early.overrun < .seconds(1))
      try restart()
      let late = try await attempt(change(to: "slow\(round)"), at: "COMMIT") { _ in cluster.kill() }
      #expect(late.result.unknownReason == .connectionLost, "\(late.result)")
      #expect(late.overrun < .seconds(1))
      try restart()
      #expect(try value == "on")
      // The kept connection leads to a server that is no more.
      let next = await performer.perform(change(to: "on"), mark: .fresh())
      #expect(next.outcome == .succeeded, "\(next)")
    }
    Figures.record(
      ["kills": 2 * Figures.tries(quick: 2, long: 30)],
      promise: "A database that dies under a change is told rightly",
      attack: "SIGKILL of the whole server, then a restart",
      in: "Network")
  }

  // MARK: - Stopped

  @Test("a session that stands still in a statement has failed in time, and what it does when it wakes up is undone")
  func stoppedInStatement() async throws {
    var stopped: pid_t = 0
    let (result, overrun) = try await attempt(
      change(to: "late", slow: true, limit: .milliseconds(1500)), at: "UPDATE"
    ) { pid in
      stopped = pid
      kill(pid, SIGSTOP)
    }
    #expect(result.isFailure && result.code == .timedOut, "\(result)")
    #expect(overrun < .seconds(1))
    kill(stopped, SIGCONT)
    try await eventually("the session is gone") { kill(stopped, 0) != 0 }
    #expect(try value == "on")
  }

  @Test("a session that stands still at COMMIT is unknown in time; once it is fenced off, its outcome is final")
  func stoppedAtCommit() async throws {
    let (mark, performer) = (AttemptMark.fresh(), performer)
    let request = change(to: "slow", limit: .milliseconds(1500))
    let start = ContinuousClock.now
    let task = Task { await performer.perform(request, mark: mark) }
    let stopped = try await backend(of: mark, at: "COMMIT")
    kill(stopped, SIGSTOP)
    let result = await task.value
    #expect(Heartbeat.shared.overrun(of: request.timeLimit, since: start) < .seconds(1))
    #expect(result.unknownReason == .timedOut, "\(result)")
    #expect(try value == "on")
    kill(stopped, SIGCONT)
    let fence = await performer.fence(
      database: TestDatabase.database(url: cluster.url), connection: "database", mark: mark, within: .seconds(10))
    guard case .clear = fence else { throw Surprise(what: "\(fence)") }
    try await eventually("the session is gone") { kill(stopped, 0) != 0 }
    let settled = try value
    #expect(["on", "slow"].contains(settled))
  }

  @Test("a fence cannot be sure of a session that stands still, says so in time, and is sure when it is gone")
  func stoppedFence() async throws {
    let (mark, performer) = (AttemptMark.fresh(), performer)
    let request = change(to: "late", slow: true, limit: .milliseconds(1500))
    let task = Task { await performer.perform(request, mark: mark) }
    let stopped = try await backend(of: mark, at: "UPDATE")
    kill(stopped, SIGSTOP)
    _ = await task.value
    let database = TestDatabase.database(url: cluster.url)
    let (first, overrun) = await Heartbeat.shared.overrun(of: .milliseconds(700)) {
      await performer.fence(database: database, connection: "database", mark: mark, within: .milliseconds(700))
    }
    guard case .unconfirmed = first else { throw Surprise(what: "\(first)") }
    #expect(overrun < .seconds(1), "\(overrun)")
    kill(stopped, SIGCONT)
    let second = await performer.fence(database: database, connection: "database", mark: mark, within: .seconds(10))
    guard case .clear = second else { throw Surprise(what: "\(second)") }
    #expect(try value == "on")
  }

  @Test("a server that stands still lets nobody in: failed within the limit and a second, and all is well afterwards")
  func stoppedServer() async throws {
    cluster.signal(SIGSTOP)
    let (result, overrun) = await Heartbeat.shared.overrun(of: .milliseconds(500)) {
      await performer.perform(change(to: "x", limit: .milliseconds(500)), mark: .fresh())
    }
    #expect(result.isFailure && result.code == .connectFailed, "\(result)")
    #expect(overrun < .seconds(1), "\(overrun)")
    cluster.signal(SIGCONT)
    try cluster.waitUntilReady()
    #expect(await performer.perform(change(to: "off"), mark: .fresh()).outcome == .succeeded)
  }

  // MARK: - Recovering

  @Test("a server that is recovering has failed at once and says so; as soon as it has recovered the step works")
  func recovering() async throws {
    #expect(await performer.perform(change(to: "off"), mark: .fresh()).outcome == .succeeded)
    cluster.kill()
    try cluster.holdRecovery()
    try cluster.start()
    try await eventually("the server answers") {
      let result = await performer.perform(change(to: "x", limit: .seconds(2)), mark: .fresh())
      #expect(result.isFailure && result.code == .connectFailed, "\(result)")
      return result.failure?.message.contains("starting up") == true
    }
    let (result, overrun) = await Heartbeat.shared.overrun(of: .zero) {
      await performer.perform(change(to: "x", limit: .seconds(5)), mark: .fresh())
    }
    #expect(result.failure?.message.contains("starting up") == true, "\(result)")
    #expect(overrun < .seconds(1), "\(overrun)")
    cluster.letRecoveryEnd()
    try cluster.waitUntilReady()
    #expect(try value == "off")
    try await eventually("it takes changes again") {
      await performer.perform(change(to: "on"), mark: .fresh()).outcome == .succeeded
    }
  }

  private struct Surprise: Error { let what: String }
}
