public import Engine
public import IncidentModel
import Synchronization

/// The playbooks that a monitor may start by itself in the environment at hand, for every screen to show.
///
/// Looked up again at most once a second, so that what is armed, disarmed or over meanwhile is seen.
public final class ArmedBoard: Sendable {
  private typealias Arming = ArmedPlaybooks.Arming

  private struct State {
    var environment = ""
    var time: TimeSource?
    var look: (@Sendable () -> ArmedPlaybooks?)?
    var known = ArmedPlaybooks([])
    /// In milliseconds of the clock that never jumps.
    var looked: Int64?
    /// What a line on the screen has said.
    var told: [Arming] = []
  }

  private let state = Mutex(State())

  private static let lasts: Int64 = 1_000

  /// - Parameter look: what the journal tells now; `nil` when it cannot be read, and what was known still stands.
  public func follow(
    _ environment: String, _ time: TimeSource, look: @escaping @Sendable () -> ArmedPlaybooks?
  ) {
    state.withLock { state in
      (state.environment, state.time, state.look, state.looked) = (environment, time, look, nil)
    }
  }

  /// `ARMED stop-all until 06:00 UTC`; `nil` while nothing is armed.
  var mark: String? {
    let (armed, now) = state.withLock { Self.current(&$0) }
    if armed.isEmpty { return nil }
    return "\(Self.word) "
      + armed.map { "\($0.terms.playbook.visible) until \($0.terms.until.moment(seenFrom: now))" }.joined(
        separator: ", ")
  }

  /// A line for each that was armed, disarmed or is over since the last time.
  public func news() -> [String] {
    state.withLock { state in
      let (armed, now) = Self.current(&state)
      let gone = state.told.filter { old in !armed.contains { $0.isSame(as: old) } }
      let new = armed.filter { !state.told.contains($0) }
      state.told = armed
      return gone.map { "disarmed \($0.terms.playbook.visible)\($0.terms.until <= now ? ": its time is over" : "")" }
        + new.map {
          "\(Self.word)    \($0.terms.playbook.visible) until \($0.terms.until.moment(seenFrom: now)), "
            + "by \($0.by.visible): \($0.terms.why.onOneLine.visible)"
        }
    }
  }

  static let word = "ARMED"

  private static func current(_ state: inout State) -> ([Arming], Timestamp) {
    guard let now = state.time?.read() else { return ([], Timestamp(milliseconds: 0)) }
    if state.looked.map({ now.boot - $0 >= lasts }) ?? true {
      state.known = state.look?() ?? state.known
      state.looked = now.boot
    }
    let environment = state.environment
    return (state.known.all(at: now.wall).filter { $0.terms.environment == environment }, now.wall)
  }
}

extension ArmedPlaybooks.Arming {
  fileprivate func isSame(as other: Self) -> Bool { terms.playbook == other.terms.playbook }
}

extension Timestamp {
  /// `06:00 UTC`, with the day where that would be a day or more away.
  fileprivate func moment(seenFrom now: Timestamp) -> String {
    let day = self - now < .seconds(86_400) ? "" : "\(calendarDate) "
    return "\(day)\(clockTime.prefix(5)) UTC"
  }
}
