public import IncidentModel

/// What is left until a moment that was announced in wall time. Setting the clock under way brings it no nearer and puts
/// it no further off.
public struct Countdown: Sendable {
  private let length: Duration
  private let begun: ClockReading

  /// - Parameter reading: the clocks now, as they were when the moment was announced.
  public init(to due: Timestamp, from reading: ClockReading) {
    length = max(.zero, due - reading.wall)
    begun = reading
  }

  /// Never negative.
  public func left(at reading: ClockReading) -> Duration { max(.zero, length - reading.elapsed(since: begun)) }
}
