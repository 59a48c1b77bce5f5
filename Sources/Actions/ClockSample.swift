public import IncidentModel

/// What another machine said about the time, and when it was asked by ours.
public struct ClockSample: Sendable, Hashable {
  /// By our clock, before the question left.
  public let asked: Timestamp
  /// By our clock, when the answer was there.
  public let answered: Timestamp
  /// The time of the other machine lies somewhere in here: many say it in whole seconds.
  public let said: ClosedRange<Timestamp>

  public init(asked: Timestamp, answered: Timestamp, said: ClosedRange<Timestamp>) {
    self.asked = asked
    self.answered = answered
    self.said = said
  }

  /// How far our clock is behind the other, at the least; negative where it is ahead. Zero as long as both can be right.
  public var behind: Duration {
    if said.lowerBound > answered { return said.lowerBound - answered }
    if said.upperBound < asked { return said.upperBound - asked }
    return .zero
  }
}
