import Foundation
import Synchronization
import Testing

@testable import Actions

/// Stands between a client and a real server, and breaks where it is told to. Every connection meets the same fault.
final class FaultyLine: Sendable {
  enum Trigger: Sendable {
    /// What the client sends for the nth time, counted from 0.
    case message(Int)
    /// The first message of the client that holds this.
    case word(String)
  }

  struct Fault: Sendable {
    let at: Trigger
    /// Whether the server gets what the line broke at.
    let reachesServer: Bool
    /// How many bytes of the server's answer still come through.
    var answerBytes = 0
    let breakage: Breakage
  }

  private let listener: Listener
  var port: UInt16 { listener.port }

  init(to server: UInt16, _ fault: Fault) throws {
    listener = try Listener { client in
      let upstream = Listener.connect(port: server)
      guard upstream >= 0 else { return }
      Relay(client: client, server: upstream, fault: fault).run()
      close(upstream)
    }
  }
}

/// One connection through the line.
private final class Relay: Sendable {
  private let client: Int32
  private let server: Int32
  private let fault: FaultyLine.Fault
  /// How many bytes of the server may still pass; `nil`: all.
  private let allowance = Mutex<Int?>(nil)
  private let held = Mutex<[UInt8]>([])
  private let isAnswered = DispatchSemaphore(value: 0)

  init(client: Int32, server: Int32, fault: FaultyLine.Fault) {
    self.client = client
    self.server = server
    self.fault = fault
  }

  func run() {
    let back = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [self] in
      answer()
      back.signal()
    }
    var number = 0
    while let bytes = Listener.read(client) {
      if isTrigger(bytes, number) {
        strike(bytes)
        break
      }
      number += 1
      guard Listener.write(server, bytes) else { break }
    }
    shutdown(server, Int32(SHUT_RDWR))
    back.wait()
  }

  private func isTrigger(_ bytes: [UInt8], _ number: Int) -> Bool {
    switch fault.at {
    case .message(let wanted): number == wanted
    case .word(let word): bytes.contains(Array(word.utf8))
    }
  }

  private func strike(_ bytes: [UInt8]) {
    allowance.withLock { $0 = fault.answerBytes }
    if fault.reachesServer, Listener.write(server, bytes) {
      // By the time of its answer the server has acted.
      _ = isAnswered.wait(timeout: .now() + 2)
    }
    fault.breakage.strike(client, held.withLock { $0 })
  }

  private func answer() {
    while let bytes = Listener.read(server) {
      let allowed = allowance.withLock { allowance in
        let count = min(allowance ?? bytes.count, bytes.count)
        allowance = allowance.map { $0 - count }
        return count
      }
      if allowed > 0, !Listener.write(client, Array(bytes.prefix(allowed))) { return }
      if allowed < bytes.count || allowance.withLock({ $0 == 0 }) {
        held.withLock { $0 += bytes.dropFirst(allowed) }
        isAnswered.signal()
      }
    }
    isAnswered.signal()
    if allowance.withLock({ $0 == nil }) { shutdown(client, Int32(SHUT_RDWR)) }
  }
}
