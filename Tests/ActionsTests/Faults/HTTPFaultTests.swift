import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

/// One way in which a web service goes wrong.
private struct HTTPFault: Sendable {
  enum Place: Sendable {
    case refused
    case blackHole
    /// Before anything is read, which holds up a large request too.
    case unread
    /// When the client has spoken, and after these bytes were said to it.
    case answering([UInt8])
  }

  let name: String
  let scheme: String
  let method: String
  let place: Place
  let breakage: Breakage
  var body = HTTPRequest.Body.none
  /// True where bytes may have left: then nobody knows what came of it.
  let mayHaveArrived: Bool

  static let limit = Duration.milliseconds(400)
  /// A response, cut at every place where one can be.
  private static let cuts = [
    ("after the request", ""), ("in the status line", "HTTP/1.1 2"), ("in a header", "HTTP/1.1 200 OK\r\nContent-Ty"),
    ("before the body", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
    ("in the body", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"ok\":tr"),
    ("in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nabc"),
    ("after 100 Continue", "HTTP/1.1 100 Continue\r\n\r\n"),
  ]
  /// The beginning of a TLS record that promises more, and what is none.
  private static let handshakes: [(String, [UInt8])] = [
    ("before TLS", []), ("in the TLS handshake", [0x16, 0x03, 0x03, 0x01, 0x00, 0x02]),
    ("with something that is not TLS", Array("220 mail ESMTP\r\n".utf8)),
  ]

  static var all: [HTTPFault] {
    var faults: [HTTPFault] = []
    for method in ["GET", "POST"] {
      for scheme in ["http", "https"] {
        for (name, place) in [("refused", Place.refused), ("black hole at connect", .blackHole)] {
          faults.append(
            HTTPFault(
              name: "\(scheme) \(method), \(name)", scheme: scheme, method: method, place: place, breakage: .hang,
              mayHaveArrived: false))
        }
      }
      for breakage in Breakage.allCases {
        for (name, bytes) in handshakes {
          faults.append(
            HTTPFault(
              name: "https \(method), \(breakage) \(name)", scheme: "https", method: method, place: .answering(bytes),
              breakage: breakage, mayHaveArrived: false))
        }
        for (name, text) in cuts {
          faults.append(
            HTTPFault(
              name: "http \(method), \(breakage) \(name)", scheme: "http", method: method,
              place: .answering(Array(text.utf8)), breakage: breakage, mayHaveArrived: true))
        }
      }
    }
    for breakage in [Breakage.hang, .reset] {
      faults.append(
        HTTPFault(
          name: "http POST, \(breakage) while 8 MiB are sent", scheme: "http", method: "POST", place: .unread,
          breakage: breakage, body: .text(String(repeating: "x", count: 8 << 20)), mayHaveArrived: true))
    }
    return faults
  }

  func outcome() async throws -> FaultOutcome {
    let stage = try Stage(self)
    // Nobody reads what it holds, and an optimised build would let go of the server before it is called.
    defer { withExtendedLifetime(stage) {} }
    let request = sampleRequest(
      "\(scheme)://127.0.0.1:\(stage.port)", method, body: body, within: Self.limit)
    let (result, overrun) = await Heartbeat.shared.overrun(of: Self.limit) { await HTTPPerformer().perform(request) }
    return FaultOutcome(name: name, overrun: overrun, mistake: mistake(result))
  }

  private func mistake(_ result: ActionResult) -> String? {
    switch (result.outcome, mayHaveArrived) {
    case (.failed, false): nil
    case (.unknown(let reason, _), true) where reason == breakage.reason: nil
    default: "\(result.outcome)"
    }
  }

  /// Where the fault happens.
  private struct Stage {
    let port: Int
    private let held: [any Sendable]
    private static let more = [UInt8](repeating: UInt8(ascii: "a"), count: 60)

    init(_ fault: HTTPFault) throws {
      switch fault.place {
      case .refused: (port, held) = (unusedPort(), [])
      case .blackHole:
        let hole = try BlackHole()
        (port, held) = (hole.port, [hole])
      case .unread:
        let listener = try Listener { connection in
          if fault.breakage == .hang { sleep(3) } else { usleep(50_000) }
          fault.breakage == .hang ? () : fault.breakage.strike(connection)
        }
        (port, held) = (Int(listener.port), [listener])
      case .answering(let bytes):
        let listener = try Listener { connection in
          guard Listener.read(connection) != nil, bytes.isEmpty || Listener.write(connection, bytes) else { return }
          let isBeforeStatus = bytes.isEmpty || String(decoding: bytes, as: UTF8.self).hasSuffix("Continue\r\n\r\n")
          fault.breakage.strike(connection, isBeforeStatus ? Array("HTTP/1.1 200 OK\r\nServer: ".utf8) : Self.more)
        }
        (port, held) = (Int(listener.port), [listener])
      }
    }
  }
}

@Suite("Faults of web services, one by one", .serialized)
struct HTTPFaultTests {
  @Test("every fault at every place ends within its limit and a second: failed before anything left, unknown after")
  func table() async throws {
    let outcomes = try await outcomes(of: HTTPFault.all) { try await $0.outcome() }
    #expect(outcomes.count >= 60)
    #expect(outcomes.mistakes == [])
    #expect(outcomes.late == [])
    Figures.record(
      [
        "cases": outcomes.count, "wrong answers": outcomes.mistakes.count,
        "longest over the limit, ms": outcomes.longestOverrun,
      ],
      promise: "A fault of the network is 'failed' before anything left and 'unknown' after, in time",
      attack:
        "web services: refused, black hole, TLS, request, headers, body, chunk; hang, reset, close, 1 byte a second",
      in: "Network")
  }

  @Test("a kept connection that is reset or hangs: a read is sent again over a new one, a change never")
  func kept() async throws {
    for (method, expected) in [("GET", 3), ("POST", 2)] {
      let server = try ScriptedHTTPServer { request in
        request.connection == 0 && request.target == "/second" ? [.reset] : [.answer()]
      }
      let performer = HTTPPerformer()
      #expect(await performer.perform(sampleRequest(server.url, "GET", "/first")).outcome == .succeeded)
      #expect(await performer.perform(sampleRequest(server.url, method, "/second")).outcome == .succeeded)
      #expect(server.requests.count == expected, "\(server.requests.map(\.method))")
    }
  }

  @Test("a command that talks to a faulty service is ended in time and unknown; one that gives up by itself has failed")
  func commands() async throws {
    let (hole, silent) = (try BlackHole(), try Listener())
    let slow = try Listener { connection in
      _ = Listener.read(connection)
      _ = Listener.write(connection, Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8))
      Breakage.trickle.strike(connection)
    }
    let broken = try Listener { connection in
      _ = Listener.read(connection)
      Breakage.reset.strike(connection)
    }
    let cases: [(name: String, port: Int, isKnown: Bool)] = [
      ("black hole", hole.port, false), ("silent", Int(silent.port), false), ("trickle", Int(slow.port), false),
      ("refused", unusedPort(), true), ("reset", Int(broken.port), true),
    ]
    for (name, port, isKnown) in cases {
      let limit = isKnown ? Duration.seconds(10) : .milliseconds(400)
      let (result, overrun) = await Heartbeat.shared.overrun(of: limit) {
        await CommandPerformer(grace: .milliseconds(100)).perform(
          CommandRequest(program: .arguments(["curl", "-s", "http://127.0.0.1:\(port)/"]), timeLimit: limit))
      }
      #expect(overrun < .milliseconds(100) + .seconds(1), "\(name): \(overrun)")
      #expect(isKnown ? result.code == .exitStatus : result.unknownReason == .timedOut, "\(name): \(result)")
    }
  }
}
