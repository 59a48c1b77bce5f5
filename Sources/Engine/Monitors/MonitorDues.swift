/// When a monitor looks: at `start`, and then at every whole multiple of its interval after it, whatever a look took.
/// Milliseconds of one clock that never jumps.
public struct MonitorDues: Sendable, Hashable {
  private let start: Int64
  private let every: Int64
  /// How many dues have passed, taken or skipped.
  private var passed: Int64 = 0

  /// - Parameter every: more than nothing.
  public init(start: Int64, every: Int64) {
    self.start = start
    self.every = max(every, 1)
  }

  /// The next due that has not passed yet, and how many did since the last one: a look that took too long skips those,
  /// and none is made up for.
  public mutating func next(at now: Int64) -> (due: Int64, skipped: Int) {
    // The first is due when it is asked for, however late that is.
    let least = passed == 0 ? 0 : max(passed, (now - start + every - 1) / every)
    let skipped = least - passed
    passed = least + 1
    return (start + least * every, Int(skipped))
  }
}
