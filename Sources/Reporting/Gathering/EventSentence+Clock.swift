internal import IncidentModel

extension EventSentence {
  /// Whoever reads wall times has to know when they cannot be compared.
  static func clock(_ event: Event) -> EventSentence? {
    guard case .clockJumped(let jump) = event.fact else { return nil }
    return EventSentence(.clock, "\(jump.sentence); durations are right all the same").byItself
  }
}

extension RunAccount {
  /// Where the clock was set while the run went on, in order.
  var clockJumps: [ClockJump] {
    entries.compactMap { if case .clockJumped(let jump) = $0.event.fact { jump } else { nil } }
  }
}
