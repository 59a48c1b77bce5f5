import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

@testable import Actions

@Suite("Faults behind the handshake, one by one", .serialized)
struct TLSFaultTests {
  private static let promise = "A fault of the network is 'failed' before anything left and 'unknown' after, in time"

  // MARK: - Web services

  private struct WebFault: Sendable {
    let method: String
    let fault: FaultyLine.Fault

    static let limit = Duration.milliseconds(500)

    static var all: [WebFault] {
      ["GET", "POST"].flatMap { method in
        Breakage.allCases.flatMap { breakage in
          // Nothing comes back; a part of the head; the head and a part of the body.
          [nil, 0, 40, 400].compactMap { (answer: Int?) -> WebFault? in
            if breakage == .trickle, answer == nil { return nil }
            return WebFault(
              method: method,
              fault: FaultyLine.Fault(
                at: .record(1), reachesServer: answer != nil, answerBytes: answer ?? 0, breakage: breakage))
          }
        }
      }
    }

    var name: String {
      let reach = fault.reachesServer ? "after \(fault.answerBytes) bytes of the answer" : "at the request"
      return "https \(method), \(fault.breakage) \(reach)"
    }

    func outcome(_ service: HTTPSService) async throws -> FaultOutcome {
      let line = try FaultyLine(to: UInt16(service.port), fault)
      var request = sampleRequest("https://127.0.0.1:\(line.port)", method, within: Self.limit)
      request.certificateAuthority = service.authority
      let (result, overrun) = await Heartbeat.shared.overrun(of: Self.limit) { [request] in
        await HTTPPerformer().perform(request)
      }
      let isRight = line.isBroken && result.unknownReason == fault.breakage.reason
      return FaultOutcome(name: name, overrun: overrun, mistake: isRight ? nil : "\(result.outcome)")
    }
  }

  @Test("a web service that breaks behind the handshake: the request may have arrived, so it is unknown, in time")
  func web() async throws {
    let service = try HTTPSService()
    var healthy = sampleRequest("https://127.0.0.1:\(service.port)", "POST")
    healthy.certificateAuthority = service.authority
    let answer = await HTTPPerformer().perform(healthy)
    try #require(answer.outcome == .succeeded, "\(answer)")

    let outcomes = try await outcomes(of: WebFault.all) { try await $0.outcome(service) }
    #expect(outcomes.mistakes == [])
    #expect(outcomes.late == [])
    Figures.record(
      [
        "cases": outcomes.count, "wrong answers": outcomes.mistakes.count,
        "longest over the limit, ms": outcomes.longestOverrun,
      ],
      promise: Self.promise,
      attack: "web services behind TLS: request, head, body; hang, reset, close, 1 byte a second", in: "Network")
  }

  // MARK: - Databases

  /// At which records an outcome was unknown, and at which it was not touched although the line broke.
  private final class Marks: Sendable {
    let unknown = Mutex<Set<Int>>([])
    let untouched = Mutex<Set<Int>>([])
  }

  private struct BaseFault: Sendable {
    /// Counted from the end of the handshake, which is 0.
    let record: Int
    let fault: FaultyLine.Fault

    static let limit = Duration.milliseconds(1200)

    /// Every record of a whole change.
    static var all: [BaseFault] {
      (0..<7).flatMap { record in
        Breakage.allCases.flatMap { breakage in
          [false, true].compactMap { reaches -> BaseFault? in
            // Nothing can trickle where the server has nothing to say.
            if breakage == .trickle, !reaches { return nil }
            return BaseFault(
              record: record,
              fault: FaultyLine.Fault(at: .record(record), reachesServer: reaches, breakage: breakage))
          }
        }
      }
    }

    func outcome(_ marks: Marks) async throws -> FaultOutcome {
      let table = try await TestDatabase.makeTable()
      let line = try FaultyLine(to: UInt16(try #require(try TestDatabase.components.port)), fault)
      let url = try TestDatabase.url { parts in
        parts.port = Int(line.port)
        parts.query = "sslmode=require"
      }
      let performer = SQLPerformer()
      let statement = "UPDATE \(table) SET value = 'x' WHERE key = 'FLAG_1'"
      let (result, overrun) = await Heartbeat.shared.overrun(of: Self.limit) {
        await performer.perform(TestDatabase.request(statement, limit: Self.limit, url: url), mark: .fresh())
      }
      let wasBroken = line.isBroken
      await performer.close()
      let isChanged = try await TestDatabase.value(of: "FLAG_1", in: table) == .text("x")
      if result.unknownReason != nil { _ = marks.unknown.withLock { $0.insert(record) } }
      if wasBroken, result.outcome == .succeeded { _ = marks.untouched.withLock { $0.insert(record) } }
      let isRight =
        switch result.outcome {
        case .succeeded: isChanged
        case .failed: wasBroken && !isChanged
        case .unknown(let reason, _): wasBroken && reason == fault.breakage.reason && isChanged == fault.reachesServer
        }
      return FaultOutcome(
        name: "\(fault.breakage) at record \(record), which \(fault.reachesServer ? "arrives" : "does not arrive")",
        overrun: overrun, mistake: isRight ? nil : "\(result.outcome), broken: \(wasBroken), changed: \(isChanged)")
    }
  }

  @Test(
    "a database that breaks at any record behind the handshake: failed before COMMIT left, unknown from there, in time",
    .enabled(if: TestDatabase.isThere, TestDatabase.absence))
  func database() async throws {
    let marks = Marks()
    let outcomes = try await outcomes(of: BaseFault.all) { try await $0.outcome(marks) }
    #expect(outcomes.mistakes == [])
    #expect(outcomes.late == [])
    // COMMIT is one record, and the only one of which nobody can know. What comes behind it changes nothing.
    let (unknown, untouched) = (marks.unknown.withLock { $0 }, marks.untouched.withLock { $0 })
    #expect(unknown.count == 1 && untouched.allSatisfy { $0 > unknown.first ?? .max }, "\(unknown) \(untouched)")
    Figures.record(
      [
        "cases": outcomes.count, "wrong answers": outcomes.mistakes.count,
        "longest over the limit, ms": outcomes.longestOverrun,
      ],
      promise: Self.promise, attack: "databases behind TLS: every record; hang, reset, close, 1 byte a second",
      in: "Network")
  }
}
