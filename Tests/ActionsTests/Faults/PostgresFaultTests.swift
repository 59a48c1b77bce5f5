import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

/// One way in which the line to a database goes wrong, and what it must come to.
private struct LineFault: Sendable {
  enum Effect: Sendable {
    /// It cannot have lasted.
    case none
    /// COMMIT was on its way: nobody knows, and it did not last.
    case unknownNotDone
    /// COMMIT was on its way: nobody knows, and it did.
    case unknownDone
  }

  let name: String
  let isRead: Bool
  let sslMode: String
  let fault: FaultyLine.Fault
  let effect: Effect

  static let limit = Duration.milliseconds(800)

  static var all: [LineFault] {
    var faults: [LineFault] = []
    for breakage in Breakage.allCases {
      func add(
        _ place: String, _ at: FaultyLine.Trigger, reaches: Bool = false, answer: Int = 0, ssl: String = "disable",
        isRead: Bool = false, _ effect: Effect = .none
      ) {
        // Nothing can trickle where the server has nothing to say.
        if breakage == .trickle, !reaches { return }
        faults.append(
          LineFault(
            name: "\(isRead ? "read" : "change"), \(breakage) \(place)", isRead: isRead, sslMode: ssl,
            fault: FaultyLine.Fault(at: at, reachesServer: reaches, answerBytes: answer, breakage: breakage),
            effect: effect))
      }
      add("at the request for TLS", .message(0), ssl: "require")
      add("in the TLS handshake", .message(1), ssl: "require")
      add("in the middle of the TLS handshake", .message(1), reaches: true, answer: 40, ssl: "require")
      add("at the first message", .message(0))
      add("while the server asks for the password", .message(0), reaches: true, answer: 5)
      add("at the password", .message(1))
      add("while the server lets us in", .message(2), reaches: true, answer: 11)
      for isRead in [false, true] {
        add("at BEGIN", .word("BEGIN"), isRead: isRead)
        add("before BEGIN is answered", .word("BEGIN"), reaches: true, isRead: isRead)
        add("in the answer to BEGIN", .word("BEGIN"), reaches: true, answer: 7, isRead: isRead)
      }
      add("in the answer to the change", .word("BEGIN"), reaches: true, answer: 60)
      add("at COMMIT", .word("COMMIT"), .unknownNotDone)
      add("before COMMIT is answered", .word("COMMIT"), reaches: true, .unknownDone)
      add("in the answer to COMMIT", .word("COMMIT"), reaches: true, answer: 6, .unknownDone)
    }
    return faults
  }

  func outcome() async throws -> FaultOutcome {
    let table = try await TestDatabase.makeTable()
    let server = UInt16(try #require(try TestDatabase.components.port))
    let line = try FaultyLine(to: server, fault)
    let url = try TestDatabase.url { parts in
      parts.port = Int(line.port)
      parts.query = "sslmode=\(sslMode)"
    }
    let statement = isRead ? "SELECT value FROM \(table)" : "UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'"
    let performer = SQLPerformer()
    let (result, overrun) = await Heartbeat.shared.overrun(of: Self.limit) {
      await performer.perform(
        TestDatabase.request(statement, read: isRead, limit: Self.limit, url: url), mark: .fresh())
    }
    await performer.close()
    let value = try await TestDatabase.value(of: "FLAG_1", in: table)
    return FaultOutcome(
      name: name, overrun: overrun, mistake: mistake(result, changed: value == .text("x")))
  }

  private func mistake(_ result: ActionResult, changed: Bool) -> String? {
    switch (result.outcome, effect, changed) {
    case (.failed, .none, false): nil
    case (.unknown(let reason, _), .unknownNotDone, false) where reason == fault.breakage.reason: nil
    case (.unknown(let reason, _), .unknownDone, true) where reason == fault.breakage.reason: nil
    default: "\(result.outcome), and the change was \(changed ? "" : "not ")made"
    }
  }
}

@Suite(
  "Faults of the line to a database, one by one", .serialized, .enabled(if: TestDatabase.isThere, TestDatabase.absence))
struct PostgresFaultTests {
  @Test("every fault at every place ends within its limit and a second: failed before COMMIT left, unknown after")
  func table() async throws {
    let outcomes = try await outcomes(of: LineFault.all) { try await $0.outcome() }
    #expect(outcomes.count >= 45)
    #expect(outcomes.mistakes == [])
    #expect(outcomes.late == [])
    Figures.record(
      [
        "cases": outcomes.count, "wrong answers": outcomes.mistakes.count,
        "longest over the limit, ms": outcomes.longestOverrun,
      ],
      promise: "A fault of the network is 'failed' before anything left and 'unknown' after, in time",
      attack: "databases: TLS, password, BEGIN, answer, COMMIT; hang, reset, close, 1 byte a second", in: "Network")
  }

  @Test("a database in a black hole has failed within its limit and a second")
  func blackHole() async throws {
    let hole = try BlackHole()
    let request = TestDatabase.request(
      "SELECT 1", limit: .milliseconds(400), url: "postgres://app:s3cret@127.0.0.1:\(hole.port)/shop")
    let (result, overrun) = await Heartbeat.shared.overrun(of: request.timeLimit) {
      await SQLPerformer().perform(request, mark: .fresh())
    }
    #expect(result.failure?.code == .connectFailed, "\(result)")
    #expect(overrun < .seconds(1), "\(overrun)")
  }
}
