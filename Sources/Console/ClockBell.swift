import Execution
import IncidentModel
import Synchronization

/// Says once each that a clock is at risk, that half of it is over, that a minute is left, and that it has run out.
final class ClockBell: Sendable {
  private enum Stage: Int, Comparable {
    case early, half, lastMinute, over

    static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
  }

  private let told = Mutex<[String: Stage]>([:])
  /// The clocks that were said to be at risk.
  private let risked = Mutex<Set<String>>([])

  /// What there is to say now. A clock that is seen for the first time is silent about what lies behind.
  func ring(_ clocks: [Scene.Clock]) -> [String] { ringOfRisk(clocks) + ringOfTime(clocks) }

  private func ringOfRisk(_ clocks: [Scene.Clock]) -> [String] {
    risked.withLock { risked in
      clocks.filter { $0.isAtRisk && risked.insert($0.name).inserted }.map { clock in
        "clock    \(clock.name): AT RISK, \(clock.remaining.clockText) left and earlier runs took longer from here"
      }
    }
  }

  private func ringOfTime(_ clocks: [Scene.Clock]) -> [String] {
    told.withLock { told in
      clocks.filter { $0.met == nil }.compactMap { clock in
        let stage = Self.stage(of: clock)
        guard let before = told.updateValue(stage, forKey: clock.name), stage > before else { return nil }
        return switch stage {
        case .early: nil
        case .half: "clock    \(clock.name): half of \(clock.limit.clockText) is over"
        case .lastMinute: "clock    \(clock.name): \(clock.remaining.clockText) left of \(clock.limit.clockText)"
        case .over: "clock    \(clock.name): OVERDUE, its \(clock.limit.clockText) are over"
        }
      }
    }
  }

  private static func stage(of clock: Scene.Clock) -> Stage {
    if clock.remaining <= .zero { return .over }
    if clock.remaining <= .seconds(60), clock.limit > .seconds(120) { return .lastMinute }
    return clock.elapsed * 2 >= clock.limit ? .half : .early
  }
}
