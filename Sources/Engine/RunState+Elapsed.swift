public import IncidentModel

extension RunState {
  public var startedAt: Timestamp? { begun?.wall }
  public var endedAt: Timestamp? { ended?.wall }

  /// How long after *detected* a reading of the clocks was taken; `nil` before the run has started.
  ///
  /// When something was detected, people and other machines say in wall time. From the start of the run on, a clock
  /// that is set under way must neither meet a target nor miss it.
  public func sinceDetected(at reading: ClockReading) -> Duration? {
    guard let start, let begun else { return nil }
    return max(.zero, begun.wall - start.detected) + reading.elapsed(since: begun)
  }
}
