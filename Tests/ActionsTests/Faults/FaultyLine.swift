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
    /// The nth record that the client sends encrypted, counted from 0; the first one ends its handshake.
    case record(Int)
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
  private let broken: Breaks
  var port: UInt16 { listener.port }
  /// True once it broke.
  var isBroken: Bool { broken.count.withLock { $0 > 0 } }

  init(to server: UInt16, _ fault: Fault) throws {
    let broken = Breaks()
    self.broken = broken
    listener = try Listener { client in
      let upstream = Listener.connect(port: server)
      guard upstream >= 0 else { return }
      Relay(client: client, server: upstream, fault: fault, broken: broken).run()
      close(upstream)
    }
  }
}

private final class Breaks: Sendable {
  let count = Mutex(0)
}

/// One connection through the line.
private final class Relay: Sendable {
  private let client: Int32
  private let server: Int32
  private let fault: FaultyLine.Fault
  private let broken: Breaks
  /// How many bytes of the server may still pass; `nil`: all.
  private let allowance = Mutex<Int?>(nil)
  private let held = Mutex<[UInt8]>([])
  private let isAnswered = DispatchSemaphore(value: 0)

  init(client: Int32, server: Int32, fault: FaultyLine.Fault, broken: Breaks) {
    self.client = client
    self.server = server
    self.fault = fault
    self.broken = broken
  }

  func run() {
    let back = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [self] in
      answer()
      back.signal()
    }
    relay()
    shutdown(server, Int32(SHUT_RDWR))
    back.wait()
  }

  private func relay() {
    var (number, records) = (0, TLSRecords())
    while let bytes = Listener.read(client) {
      var pieces = [bytes][...]
      if case .record = fault.at { pieces = records.whole(with: bytes)[...] }
      while let piece = pieces.popFirst() {
        if isTrigger(piece, &number) { return strike(piece + pieces.joined()) }
        guard Listener.write(server, piece) else { return }
      }
    }
  }

  private func isTrigger(_ piece: [UInt8], _ number: inout Int) -> Bool {
    let isCounted = if case .record = fault.at { TLSRecords.isEncrypted(piece) } else { true }
    if isCounted { number += 1 }
    return switch fault.at {
    case .message(let wanted): number == wanted + 1
    case .record(let wanted): isCounted && number == wanted + 1
    case .word(let word): piece.contains(Array(word.utf8))
    }
  }

  private func strike(_ bytes: [UInt8]) {
    broken.count.withLock { $0 += 1 }
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

/// A stream of TLS, taken apart. The 8 bytes with which a client asks PostgreSQL for TLS count as a record.
private struct TLSRecords {
  private var rest: [UInt8] = []

  /// What is whole now.
  mutating func whole(with bytes: [UInt8]) -> [[UInt8]] {
    rest += bytes
    var records: [[UInt8]] = []
    while rest.count >= 5 {
      let length = rest[0] == 0 ? 8 : 5 + Int(rest[3]) << 8 + Int(rest[4])
      guard rest.count >= length else { break }
      records.append(Array(rest[..<length]))
      rest.removeFirst(length)
    }
    return records
  }

  /// Since TLS 1.3 everything after the hellos says that it is application data.
  static func isEncrypted(_ record: [UInt8]) -> Bool { record.first == 23 }
}
