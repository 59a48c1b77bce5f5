internal import Glibc
internal import IncidentModel

/// How long a piece of blocking work may go on: until a moment, or until it is called off.
struct Patience: Sendable {
  /// Why the waiting ended without what was waited for.
  enum End: Error {
    case timedOut
    case cancelled
  }

  enum Readiness {
    case readable
    case writable
    case either
  }

  let until: ContinuousClock.Instant
  /// Given when the work is called off.
  let calledOff: WakeUp?

  init(until: ContinuousClock.Instant, calledOff: WakeUp? = nil) {
    self.until = until
    self.calledOff = calledOff
  }

  init(_ limit: Duration, calledOff: WakeUp? = nil) {
    self.init(until: .now + limit, calledOff: calledOff)
  }

  /// Never negative.
  var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: until)) }

  /// The same, but for no longer than `limit` from now.
  func atMost(_ limit: Duration) -> Patience {
    Patience(until: min(until, .now + limit), calledOff: calledOff)
  }

  /// Throws if there is none left.
  func check() throws(End) {
    if calledOff?.isGiven == true { throw .cancelled }
    if remaining == .zero { throw .timedOut }
  }

  /// Lets `time` pass.
  func pause(for time: Duration) throws(End) {
    let moment = ContinuousClock.now + time
    // `poll` ignores a negative descriptor, so only the clock and the signal can end this.
    _ = try wait(for: -1, pausingAt: moment)
  }

  /// Waits until the descriptor is ready. With `pause`, returns false if that moment comes first.
  func wait(
    for descriptor: Int32, _ readiness: Readiness = .readable, pausingAt pause: ContinuousClock.Instant? = nil
  ) throws(End) -> Bool {
    let events: Int32 =
      switch readiness {
      case .readable: POLLIN
      case .writable: POLLOUT
      case .either: POLLIN | POLLOUT
      }
    var watched = [
      pollfd(fd: descriptor, events: Int16(events), revents: 0),
      pollfd(fd: calledOff?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let moment = min(until, pause ?? until)
      let count = poll(&watched, 2, Self.milliseconds(until: moment))
      if count > 0, watched[1].revents != 0 { throw .cancelled }
      if count > 0 { return true }
      if ContinuousClock.now >= until { throw .timedOut }
      if let pause, ContinuousClock.now >= pause { return false }
    }
  }

  /// The longest single `poll`. Its own clock stands still while the machine is suspended, ours does not: whoever slept
  /// past a deadline has to find out soon after waking up.
  static let longestPoll = Duration.milliseconds(500)

  /// Rounded up, so that `poll` is not asked again and again for the last fraction.
  static func milliseconds(until moment: ContinuousClock.Instant) -> Int32 {
    let left = min(ContinuousClock.now.duration(to: moment), longestPoll) + .microseconds(999)
    return Int32(max(0, left.wholeMilliseconds))
  }
}
