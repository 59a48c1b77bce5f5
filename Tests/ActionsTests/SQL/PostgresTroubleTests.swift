import Foundation
import IncidentModel
import Testing

@testable import Actions

@Suite("Trouble with PostgreSQL", .serialized, .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresTroubleTests {
  let performer = SQLPerformer()
  let oneRow = RowContract(min: 1, max: 1)

  // MARK: No connection

  @Test("an unreachable server is named with host, port and reason, never with the password")
  func unreachable() async throws {
    let url = "postgres://app:s3cret@127.0.0.1:1/shop"
    let result = await performer.perform(TestDatabase.request("SELECT 1", url: url), mark: .fresh())
    let failure = try #require(result.failure)
    #expect(failure.code == .connectFailed)
    #expect(failure.message == "cannot reach database 'database' at 127.0.0.1:1: connection refused")
    #expect(failure.advice != nil)
  }

  @Test("a host name nobody knows is a failed look-up")
  func unknownHost() async throws {
    let url = "postgres://app:s3cret@no-such-host.invalid/shop"
    let result = await performer.perform(TestDatabase.request("SELECT 1", limit: .seconds(8), url: url), mark: .fresh())
    #expect(result.failure?.code == .connectFailed)
    #expect(result.failure?.message.contains("no-such-host.invalid") == true)
    #expect(result.failure?.message.contains("s3cret") == false)
  }

  @Test("a server that accepts and never answers costs no more than the limit and a second")
  func blackHole() async throws {
    let hole = try Listener()
    let url = "postgres://app:s3cret@127.0.0.1:\(hole.port)/shop"
    let (result, time) = await measured {
      await performer.perform(TestDatabase.request("SELECT 1", limit: .milliseconds(300), url: url), mark: .fresh())
    }
    #expect(result.failure?.code == .connectFailed)
    #expect(result.failure?.message.hasSuffix("no answer within 300 ms") == true)
    #expect(time >= .milliseconds(300) && time < .milliseconds(300) + slack)
  }

  @Test("a wrong password is told apart from an unreachable server")
  func wrongPassword() async throws {
    let url = try TestDatabase.url { $0.password = "wrong-password" }
    let result = await performer.perform(TestDatabase.request("SELECT 1", url: url), mark: .fresh())
    let failure = try #require(result.failure)
    #expect(failure.code == .authenticationFailed)
    #expect(failure.message.contains("does not let user 'andon' in: password authentication failed"))
    #expect(!failure.message.contains("wrong-password"))
  }

  @Test("a database that does not exist is a failed connection")
  func unknownDatabase() async throws {
    let url = try TestDatabase.url { $0.path = "/nowhere" }
    let result = await performer.perform(TestDatabase.request("SELECT 1", url: url), mark: .fresh())
    #expect(result.failure?.code == .connectFailed)
    #expect(result.failure?.message.contains("database \"nowhere\" does not exist") == true)
  }

  @Test("a URL that cannot be read is refused without being repeated")
  func badURL() async {
    let result = await performer.perform(
      TestDatabase.request("SELECT 1", url: "postgres://app:p%zzw@host/db"), mark: .fresh())
    #expect(result.failure?.code == .notConfigured)
    #expect(result.failure?.message.contains("zz") == false)
  }

  // MARK: Locks and limits

  @Test("a lock held by another session names that session")
  func lockHolder() async throws {
    let table = try await TestDatabase.makeTable()
    let name = "holder-\(table)"
    let holder = try ForeignSession(
      name: String(name.prefix(63)), script: "BEGIN;\nUPDATE \(table) SET value = 'theirs' WHERE key = 'FLAG_1';")
    defer { holder.kill() }
    try await eventually("the other session holds its lock") {
      try await TestDatabase.run(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state = 'idle in transaction' "
          + "AND query LIKE 'UPDATE%'", [.text(name)], read: true) == [.number(1)]
    }
    let (result, time) = await measured {
      await performer.perform(
        TestDatabase.request("UPDATE \(table) SET value = 'ours' WHERE key = 'FLAG_1'", lock: .seconds(1)),
        mark: .fresh())
    }
    let failure = try #require(result.failure)
    #expect(result.outcome == .failed(failure))
    #expect(failure.code == .lockTimeout)
    #expect(failure.message.contains("held by session"))
    #expect(failure.message.contains("user andon, '\(name)', from 127.0.0.1"))
    #expect(failure.message.contains("idle in transaction: UPDATE \(table)"))
    #expect(failure.advice?.contains("pg_terminate_backend(") == true)
    #expect(time < .seconds(1) + slack)
  }

  @Test("a statement that runs for too long is ended before COMMIT and changes nothing")
  func statementTimeout() async throws {
    let table = try await TestDatabase.makeTable()
    let mark = AttemptMark.fresh()
    let (result, time) = await measured {
      await performer.perform(
        TestDatabase.request("UPDATE \(table) SET value = 'x' FROM pg_sleep(30)", limit: .seconds(1)), mark: mark)
    }
    let failure = try #require(result.failure)
    #expect(result.outcome == .failed(failure))
    #expect(failure.code == .timedOut)
    #expect(failure.message.contains("did not finish within 1.0 s"))
    #expect(time < .seconds(1) + slack)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("a server that stops answering in the middle costs no more than the limit and a second")
  func silentServer() async throws {
    let table = try await TestDatabase.makeTable()
    let server = UInt16(try #require(try TestDatabase.components.port))
    // Everything from the statement on is swallowed: the server never hears of it.
    let proxy = try Listener { client in
      let upstream = Listener.connect(port: server)
      Thread.detachNewThread {
        while let bytes = Listener.read(upstream), Listener.write(client, bytes) {}
      }
      while let bytes = Listener.read(client) {
        if !bytes.starts(with: [UInt8(ascii: "P")]) { _ = Listener.write(upstream, bytes) }
      }
      close(upstream)
    }
    let url = try TestDatabase.url { parts in
      parts.port = Int(proxy.port)
      parts.query = "sslmode=disable"
    }
    let (result, time) = await measured {
      await performer.perform(
        TestDatabase.request("UPDATE \(table) SET value = 'x'", limit: .seconds(1), url: url), mark: .fresh())
    }
    #expect(result.outcome == .failed(try #require(result.failure)))
    #expect(result.failure?.code == .timedOut, "\(result)")
    #expect(time < .seconds(1) + slack)
  }

  @Test("a cancelled task ends its statement at once, also on the server")
  func cancellation() async throws {
    let table = try await TestDatabase.makeTable()
    let mark = AttemptMark.fresh()
    let task = Task {
      await performer.perform(TestDatabase.request("UPDATE \(table) SET value = 'x' FROM pg_sleep(30)"), mark: mark)
    }
    try await eventually("the statement runs") {
      try await TestDatabase.sessions(named: mark.text, active: true) == .number(1)
    }
    let (result, time) = await measured {
      task.cancel()
      return await task.value
    }
    #expect(result.outcome == .failed(try #require(result.failure)))
    #expect(result.failure?.code == .cancelled)
    #expect(time < slack)
    #expect(try await TestDatabase.sessions(named: mark.text) == .number(0))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("a task cancelled before it begins sends nothing")
  func cancelledBefore() async throws {
    let table = try await TestDatabase.makeTable()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await performer.perform(TestDatabase.request("UPDATE \(table) SET value = 'x'"), mark: .fresh())
    }
    #expect(await task.value.failure?.code == .cancelled)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  // MARK: A connection that breaks

  @Test("a session ended in the middle of a change is a failure that changed nothing and is not begun anew")
  func terminated() async throws {
    let table = try await TestDatabase.makeTable()
    let mark = AttemptMark.fresh()
    // A kept connection may be replaced when it is found dead, but not when someone fences us off.
    _ = await performer.perform(TestDatabase.request("SELECT 1", read: true), mark: .fresh())
    let task = Task {
      await performer.perform(TestDatabase.request("UPDATE \(table) SET value = 'x' FROM pg_sleep(30)"), mark: mark)
    }
    try await eventually("the statement runs") {
      try await TestDatabase.sessions(named: mark.text, active: true) == .number(1)
    }
    try await TestDatabase.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [.text(mark.text)])
    let result = await task.value
    let failure = try #require(result.failure)
    #expect(result.outcome == .failed(failure))
    #expect(failure.code == .connectionLost)
    #expect(failure.message.contains("administrator command; COMMIT had not been sent, so nothing changed"))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
  }

  @Test("a connection that dies after COMMIT was sent leaves the outcome unknown", arguments: [true, false])
  func lostCommit(reachesServer: Bool) async throws {
    let table = try await TestDatabase.makeTable()
    let server = UInt16(try #require(try TestDatabase.components.port))
    let proxy = try CuttingProxy(to: server, at: "COMMIT", reachesServer ? .afterForwarding : .beforeForwarding)
    let url = try TestDatabase.url { parts in
      parts.port = Int(proxy.port)
      parts.query = "sslmode=disable"
    }
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'", rows: oneRow, url: url),
      mark: .fresh())
    let failure = try #require(result.failure)
    #expect(result.outcome == .unknown(.connectionLost, failure))
    #expect(failure.code == .connectionLost)
    #expect(failure.message.contains("may have been made or not"))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text(reachesServer ? "x" : "a"))
  }

  @Test("a read whose COMMIT is lost is a failure, since nothing can have changed")
  func lostRead() async throws {
    let server = UInt16(try #require(try TestDatabase.components.port))
    let proxy = try CuttingProxy(to: server, at: "COMMIT", .beforeForwarding)
    let url = try TestDatabase.url { parts in
      parts.port = Int(proxy.port)
      parts.query = "sslmode=disable"
    }
    let result = await performer.perform(TestDatabase.request("SELECT 1", read: true, url: url), mark: .fresh())
    #expect(result.outcome == .failed(try #require(result.failure)))
    #expect(result.failure?.code == .connectionLost)
  }

  // MARK: Reuse

  @Test("the next step uses the same session")
  func reuse() async {
    let statement = TestDatabase.request("SELECT pg_backend_pid()", read: true)
    let first = await performer.perform(statement, mark: .fresh())
    let second = await performer.perform(statement, mark: .fresh())
    #expect(first.outcome == .succeeded)
    #expect(first.outputs == second.outputs)
  }

  @Test("a kept session that the server has ended is replaced without anyone noticing")
  func reconnects() async throws {
    let statement = TestDatabase.request("SELECT pg_backend_pid() AS pid", read: true)
    let first = await performer.perform(statement, mark: .fresh())
    guard case .list(let rows)? = first.outputs["rows"], let pid = rows.first?["pid"] else { throw CancellationError() }
    try await TestDatabase.run("SELECT pg_terminate_backend($1)", [pid])
    try await eventually("the session is gone") {
      try await TestDatabase.run("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", [pid], read: true)
        == [.number(0)]
    }
    let second = await performer.perform(statement, mark: .fresh())
    #expect(second.outcome == .succeeded)
    #expect(second.outputs["rows"] != first.outputs["rows"])
  }

  @Test("a kept connection that breaks as the next step is sent is replaced, and the step happens once")
  func reconnectsWhileSending() async throws {
    let table = try await TestDatabase.makeTable()
    let server = UInt16(try #require(try TestDatabase.components.port))
    // Only the first connection is cut, at the first change sent over it.
    let proxy = try CuttingProxy(to: server, at: "BEGIN\0", .beforeForwarding, connections: 1)
    let url = try TestDatabase.url { parts in
      parts.port = Int(proxy.port)
      parts.query = "sslmode=disable"
    }
    let read = await performer.perform(TestDatabase.request("SELECT 1", read: true, url: url), mark: .fresh())
    #expect(read.outcome == .succeeded)
    let result = await performer.perform(
      TestDatabase.request("UPDATE \(table) SET value = value || 'x' WHERE key = 'FLAG_1'", rows: oneRow, url: url),
      mark: .fresh())
    #expect(result.outcome == .succeeded)
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("ax"))
  }

  @Test("a connection opened ahead of time is the one the first step uses")
  func prewarmed() async throws {
    let statement = TestDatabase.request(
      "SELECT backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()", read: true)
    await performer.prewarm(database: statement.database, connection: "database")
    let warmedBy = try await TestDatabase.run("SELECT clock_timestamp()::text", read: true)
    let result = await performer.perform(statement, mark: .fresh())
    guard case .list(let rows)? = result.outputs["rows"], case .text(let started)? = rows.first?["backend_start"],
      case .text(let warmed)? = warmedBy.first
    else { throw CancellationError() }
    #expect(started < warmed)
  }

  @Test("a step that comes while a connection is being opened waits for that one")
  func joinsWarming() async throws {
    let statement = TestDatabase.request("SELECT 1 AS one", read: true)
    async let warming: Void = performer.prewarm(database: statement.database, connection: "database")
    let result = await performer.perform(statement, mark: .fresh())
    await warming
    #expect(result.outcome == .succeeded)
  }

  // MARK: Fence

  @Test("the fence ends a statement whose client was killed, so that it never commits")
  func fence() async throws {
    let table = try await TestDatabase.makeTable()
    let mark = AttemptMark.fresh("disable-trades")
    let client = try ForeignSession(
      name: mark.text, script: "UPDATE \(table) SET value = 'late' FROM pg_sleep(30) WHERE key = 'FLAG_1';")
    try await eventually("the statement runs") {
      try await TestDatabase.sessions(named: mark.text, active: true) == .number(1)
    }
    client.kill()
    let outcome = await performer.fence(
      database: TestDatabase.database(), connection: "database", mark: mark, within: .seconds(5))
    #expect(outcome == .clear("ended one session of \(mark.text) on 'database'"))
    #expect(try await TestDatabase.sessions(named: mark.text) == .number(0))
    #expect(try await TestDatabase.value(of: "FLAG_1", in: table) == .text("a"))
    let again = await performer.fence(
      database: TestDatabase.database(), connection: "database", mark: mark, within: .seconds(5))
    #expect(again == .clear("no session of \(mark.text) is left on 'database'"))
  }

  @Test("a fence that cannot reach the server says that it is not sure")
  func unconfirmedFence() async {
    let outcome = await performer.fence(
      database: TestDatabase.database(url: "postgres://app:s3cret@127.0.0.1:1/shop"), connection: "database",
      mark: .fresh(), within: .seconds(2))
    #expect(outcome == .unconfirmed("cannot reach database 'database' at 127.0.0.1:1: connection refused"))
  }

  @Test("a mark too long for the server still finds its session")
  func longMark() async throws {
    let mark = AttemptMark.fresh(String(repeating: "a-very-long-step-", count: 6))
    let task = Task { await performer.perform(TestDatabase.request("SELECT pg_sleep(30)"), mark: mark) }
    try await eventually("the statement runs") {
      try await TestDatabase.sessions(named: ApplicationName.of(mark), active: true) == .number(1)
    }
    let outcome = await SQLPerformer().fence(
      database: TestDatabase.database(), connection: "database", mark: mark, within: .seconds(5))
    #expect(outcome == .clear("ended one session of \(ApplicationName.of(mark)) on 'database'"))
    #expect(await task.value.failure?.code == .connectionLost)
  }
}
