/// The wall clock of the machine was set, or stood wrong, between two entries. Durations are right all the same: they
/// come from a clock that is never set. Wall times before it and after it do not compare.
public struct ClockJump: Sendable, Hashable, Codable {
  /// How far the wall clock moved beyond the time that passed; negative: it was set back.
  public var milliseconds: Int64
  /// What the wall clock showed at the entry before.
  public var from: Timestamp

  public init(milliseconds: Int64, from: Timestamp) {
    self.milliseconds = milliseconds
    self.from = from
  }

  /// `The clock was set forward by 1:00:00 since 03:13:54`
  public var sentence: String {
    let size = Duration.milliseconds(Int64(milliseconds.magnitude)).spokenText
    return "The clock was set \(milliseconds < 0 ? "back" : "forward") by \(size) since \(from.clockTime)"
  }
}

extension ClockReading {
  /// What is not worth a word: a leap second, and the rounding of both clocks.
  public static let tolerance = Duration.milliseconds(1010)

  /// How the wall clock moved between two readings beyond the time that passed; `nil` where it did not, or where nobody
  /// can tell because the machine was started anew.
  public func jump(since earlier: ClockReading) -> ClockJump? {
    guard !bootID.isEmpty, bootID == earlier.bootID else { return nil }
    let drift = (wall - earlier.wall).wholeMilliseconds.subtractingReportingOverflow(passed(since: earlier))
    guard !drift.overflow, drift.partialValue.magnitude > UInt64(Self.tolerance.wholeMilliseconds) else { return nil }
    return ClockJump(milliseconds: drift.partialValue, from: earlier.wall)
  }

  /// How much time lies between two readings, never less than none: by the clock that is never set within one start of
  /// the machine, by wall time across two.
  public func elapsed(since earlier: ClockReading) -> Duration {
    let isSameStart = !bootID.isEmpty && bootID == earlier.bootID
    return max(.zero, isSameStart ? .milliseconds(passed(since: earlier)) : wall - earlier.wall)
  }

  /// A journal may hold any numbers.
  private func passed(since earlier: ClockReading) -> Int64 {
    let passed = boot.subtractingReportingOverflow(earlier.boot)
    return passed.overflow ? 0 : passed.partialValue
  }
}

extension Event {
  /// What the clocks showed when it was recorded.
  public var reading: ClockReading { ClockReading(wall: at, boot: boot, bootID: bootID) }
}
