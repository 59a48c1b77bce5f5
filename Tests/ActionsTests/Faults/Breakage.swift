import Foundation
import IncidentModel

@testable import Actions

/// What a line does when it goes wrong.
enum Breakage: String, CaseIterable, Sendable {
  case hang, reset, close
  /// One byte a second.
  case trickle

  /// Does it to a connection. Returns when the other side has gone, or at once where nothing is left to do.
  func strike(_ connection: Int32, _ more: [UInt8] = Array(repeating: UInt8(ascii: "a"), count: 60)) {
    switch self {
    case .hang: while Listener.read(connection) != nil {}
    case .close: shutdown(connection, Int32(SHUT_RDWR))
    case .reset:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    case .trickle:
      for byte in more {
        guard Listener.write(connection, [byte]) else { return }
        sleep(1)
      }
      // However little there was to send, the line is not what ends.
      while Listener.read(connection) != nil {}
    }
  }

  /// What is not known afterwards, where the request may have arrived.
  var reason: UnknownReason {
    switch self {
    case .hang, .trickle: .timedOut
    case .reset, .close: .connectionLost
    }
  }
}

/// What came of one case of a table of faults.
struct FaultOutcome: Sendable {
  let name: String
  let overrun: Duration
  /// What is wrong with the answer; `nil`: it is the right one.
  let mistake: String?
}

/// Runs every case of a table, a few at a time, each by a clock of its own.
func outcomes<Case: Sendable>(
  of cases: [Case], atOnce: Int = 4, _ perform: @escaping @Sendable (Case) async throws -> FaultOutcome
) async throws -> [FaultOutcome] {
  try await withThrowingTaskGroup(of: FaultOutcome.self) { group in
    var outcomes: [FaultOutcome] = []
    for (index, next) in cases.enumerated() {
      if index >= atOnce, let outcome = try await group.next() { outcomes.append(outcome) }
      group.addTask { try await perform(next) }
    }
    for try await outcome in group { outcomes.append(outcome) }
    return outcomes
  }
}

extension [FaultOutcome] {
  var mistakes: [String] { compactMap { outcome in outcome.mistake.map { "\(outcome.name): \($0)" } } }
  /// Those that took longer than their limit and a second.
  var late: [String] { filter { $0.overrun > .seconds(1) }.map { "\($0.name): \($0.overrun) over its limit" } }
  var longestOverrun: Int { Int((map(\.overrun).max() ?? .zero).wholeMilliseconds) }
}
