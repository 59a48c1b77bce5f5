import Playbooks
import Synchronization

/// How many probes go to one place at a time. Each connection, and each program, has a lane of its own: a database that
/// hangs holds up no question to another place, and no database gets more sessions than it can bear.
///
/// A lane to a database begins narrow, as each session more has to log in, and widens while somebody waits: a machine that
/// stood still for a moment must not log in sixteen times at once to make up for it.
final class ProbeLanes: Sendable {
  struct Width: Sendable {
    let least: Int
    let most: Int
  }

  /// Sessions of a database are few and dear, and processes need a processor; requests only wait.
  static let sessions = Width(least: 2, most: 16)
  fileprivate static let requests = Width(least: 64, most: 64)
  fileprivate static let processes = Width(least: 16, most: 16)

  /// Who has waited so long opens one place more.
  private static let patience = Duration.milliseconds(50)

  private struct Lane {
    let limits: Width
    var width: Int
    var inside = 0
    var queue: [(since: ContinuousClock.Instant, continuation: CheckedContinuation<Void, Never>)] = []
    var isWatched = false

    init(_ limits: Width) {
      self.limits = limits
      width = limits.least
    }
  }

  private let lanes = Mutex<[String: Lane]>([:])

  /// Makes `body` when there is room for it.
  func going<Result: Sendable>(with probe: Check.Probe, _ body: () async -> Result) async -> Result {
    let (name, limits) = probe.lane
    await enter(name, limits)
    let result = await body()
    leave(name)
    return result
  }

  private func enter(_ name: String, _ limits: Width) async {
    await withCheckedContinuation { continuation in
      let (mayGo, mustWatch) = lanes.withLock { lanes in
        var lane = lanes[name] ?? Lane(limits)
        defer { lanes[name] = lane }
        if lane.inside < lane.width {
          lane.inside += 1
          return (true, false)
        }
        lane.queue.append((.now, continuation))
        if lane.isWatched || lane.limits.least == lane.limits.most { return (false, false) }
        lane.isWatched = true
        return (false, true)
      }
      if mayGo { continuation.resume() }
      if mustWatch { Task { await widen(name) } }
    }
  }

  private func leave(_ name: String) {
    let next = lanes.withLock { lanes -> CheckedContinuation<Void, Never>? in
      // Its place goes to whoever waits longest.
      if lanes[name]?.queue.isEmpty == false { return lanes[name]?.queue.removeFirst().continuation }
      lanes[name]?.inside -= 1
      if let lane = lanes[name], lane.inside == 0 { lanes[name]?.width = lane.limits.least }
      return nil
    }
    next?.resume()
  }

  /// Opens one place after the other while somebody waits too long.
  private func widen(_ name: String) async {
    while true {
      try? await Task.sleep(for: Self.patience)
      let (next, isOver) = lanes.withLock { lanes -> (CheckedContinuation<Void, Never>?, Bool) in
        guard let first = lanes[name]?.queue.first, let lane = lanes[name], lane.width < lane.limits.most else {
          lanes[name]?.isWatched = false
          return (nil, true)
        }
        guard .now - first.since >= Self.patience else { return (nil, false) }
        lanes[name]?.queue.removeFirst()
        lanes[name]?.width += 1
        lanes[name]?.inside += 1
        return (first.continuation, false)
      }
      next?.resume()
      if isOver { return }
    }
  }
}

extension Check.Probe {
  fileprivate var lane: (name: String, limits: ProbeLanes.Width) {
    switch self {
    case .sql(let action): ("sql \(action.connection)", ProbeLanes.sessions)
    case .http(let action): ("http \(action.connection)", ProbeLanes.requests)
    case .command(let action): ("command \(action.arguments.first?.source ?? "")", ProbeLanes.processes)
    case .assert: ("", ProbeLanes.processes)
    }
  }
}
