import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

/// A pooler that gives every transaction another session of the server: `Tests/StandIns/pooler-stand-in`.
private final class Pooler: Sendable {
  let url: String
  private let process: pid_t

  init(to cluster: PostgresCluster, sessions: Int) throws {
    let port = unusedPort()
    url = "postgres://andon@127.0.0.1:\(port)/postgres?sslmode=disable"
    process = try spawnQuietly([
      "python3", Repository.file("Tests/StandIns/pooler-stand-in"), "\(port)", "\(cluster.port)", "\(sessions)",
    ])
    try #require(waitUntilListening(port))
  }

  deinit {
    kill(process, SIGKILL)
    _ = waitForExit(process)
  }
}

@Suite(
  "Behind a pooler that swaps sessions between transactions", .serialized,
  .enabled(if: PostgresCluster.isThere, Comment(rawValue: PostgresCluster.absence)))
struct PoolerTests {
  private let cluster: PostgresCluster
  private let pooler: Pooler

  init() throws {
    cluster = try PostgresCluster()
    pooler = try Pooler(to: cluster, sessions: 4)
    let session = try cluster.session()
    try session.run("CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL)")
    try session.run("INSERT INTO counter SELECT i, 0 FROM generate_series(1, 20) i")
  }

  private func change(_ id: Int, once: String? = nil, slow: Bool = false) -> SQLRequest {
    TestDatabase.request(
      "UPDATE counter SET n = n + 1 \(slow ? "FROM pg_sleep(30)" : "") WHERE id = $1", [.number(id)],
      rows: RowContract(min: 1, max: 1), once: once, url: pooler.url)
  }

  private func sum() throws -> String? { try cluster.session().run("SELECT sum(n) FROM counter").first?.first ?? nil }

  @Test("every change is made once, over sessions that change under it, and no setting stays behind in any of them")
  func changes() async throws {
    let performer = SQLPerformer(keptSessions: 4)
    let count = Figures.tries(quick: 200, long: 5000)
    await withTaskGroup(of: ActionResult.self) { group in
      for number in 0..<count {
        if number >= 4, let result = await group.next() { #expect(result.outcome == .succeeded, "\(result)") }
        group.addTask { await performer.perform(change(number % 20 + 1), mark: .fresh()) }
      }
      for await result in group { #expect(result.outcome == .succeeded, "\(result)") }
    }
    #expect(try sum() == "\(count)")
    var sessions: Set<String> = []
    for _ in 0..<12 {
      let seen = await performer.perform(
        TestDatabase.request(
          "SELECT pg_backend_pid()::text || ' ' || reset_val AS pid FROM pg_settings WHERE name = 'statement_timeout'",
          read: true, url: pooler.url), mark: .fresh())
      if case .list(let rows)? = seen.outputs["rows"], let pid = rows.first?["pid"]?.asText { sessions.insert(pid) }
    }
    #expect(sessions.count > 1, "the stand-in does not swap sessions: \(sessions)")
    let foreign = try cluster.session().run(
      "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'RUN-%' AND state = 'idle'")
    #expect(foreign.isEmpty, "\(foreign)")
    Figures.record(
      ["changes": count, "lost or doubled": abs(count - (Int(try sum() ?? "") ?? 0)), "sessions met": sessions.count],
      promise: "Changes work behind a transaction-mode pooler",
      attack: "another session of the server for every transaction",
      in: "Network")
  }

  @Test("a change marked exactly once is made once, although the second attempt meets another session")
  func exactlyOnce() async throws {
    let performer = SQLPerformer()
    for _ in 1...5 {
      let result = await performer.perform(change(1, once: "key-1"), mark: .fresh())
      #expect(result.outcome == .succeeded, "\(result)")
    }
    #expect(try sum() == "1")
  }

  @Test("a session that served the attempt and serves somebody else now is not what the fence ends")
  func othersSession() async throws {
    // One session of the server for everybody: the same process, and the next transaction.
    let pooler = try Pooler(to: cluster, sessions: 1)
    let (mine, other, performer) = (AttemptMark.fresh(), AttemptMark.fresh(), SQLPerformer(keptSessions: 2))
    let look = TestDatabase.request("SELECT pg_backend_pid()::text AS pid", read: true, url: pooler.url)
    let seen = await performer.perform(look, mark: mine)
    guard case .list(let rows)? = seen.outputs["rows"], let pid = rows.first?["pid"]?.asText else {
      return #expect(Bool(false), "\(seen)")
    }
    let slow = TestDatabase.request(
      "UPDATE counter SET n = n + 1 FROM pg_sleep(1.5) WHERE id = $1", [.number(1)], rows: RowContract(min: 1, max: 1),
      url: pooler.url)
    let task = Task { await performer.perform(slow, mark: other) }
    let session = try cluster.session()
    try await eventually("somebody else has the session") {
      try !session.run(
        "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND application_name = $2 AND state = 'active'",
        [pid, other.text]
      ).isEmpty
    }
    let outcome = await SQLPerformer().fence(
      database: TestDatabase.database(url: cluster.url), connection: "database", mark: mine, within: .seconds(5))
    #expect(outcome == .clear("no session of \(mine.text) is left on 'database'"))
    let result = await task.value
    #expect(result.outcome == .succeeded, "\(result)")
    #expect(try sum() == "1")
  }

  @Test("the fence finds the statement behind the pooler and ends it")
  func fence() async throws {
    let (mark, performer) = (AttemptMark.fresh(), SQLPerformer())
    let task = Task { await performer.perform(change(1, slow: true), mark: mark) }
    let session = try cluster.session()
    try await eventually("the statement runs") {
      try !session.run(
        "SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND state = 'active'", [mark.text]
      ).isEmpty
    }
    let outcome = await SQLPerformer().fence(
      database: TestDatabase.database(url: pooler.url), connection: "database", mark: mark, within: .seconds(5))
    #expect(outcome == .clear("ended one session of \(mark.text) on 'database'"))
    let result = await task.value
    #expect(result.isFailure && result.code == .connectionLost, "\(result)")
    #expect(try sum() == "0")
  }
}
