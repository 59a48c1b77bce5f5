import Foundation
import Synchronization
import TestSupport

/// An HTTP service that counts what is asked of it. Any change of `/effect/RUN/STEP` is an effect; reading
/// `/effect/RUN/STEP` tells whether there was one. Everything else is answered with 200.
final class EchoServer: Sendable {
  private let counts = Counts()
  private let server: ScriptedHTTPServer

  init() throws { server = try ScriptedHTTPServer { [counts] in counts.answer($0) } }

  var url: String { server.url }

  /// One for each time.
  var effects: [Effect] {
    counts.all.flatMap { path, count in
      let mark = "andon" + path.dropFirst("/effect".count) + "/"
      return Effect(mark: mark).map { Array(repeating: $0, count: count) } ?? []
    }
  }

  func forget() { counts.forget() }

  private final class Counts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    var all: [String: Int] { counts.withLock { $0 } }
    func forget() { counts.withLock { $0 = [:] } }

    func answer(_ request: ScriptedHTTPServer.Request) -> [ScriptedHTTPServer.Act] {
      let count = counts.withLock { counts in
        if request.method != "GET", request.target.hasPrefix("/effect/") { counts[request.target, default: 0] += 1 }
        return counts[request.target] ?? 0
      }
      return [.answer(headers: ["Content-Type: application/json"], body: #"{"id":"1","count":\#(count)}"#)]
    }
  }
}
