internal import IncidentModel

/// Where moments lie between two others, and which of them are worth a mark.
struct TimeAxis {
  private let start: Timestamp
  /// At least one second.
  private let length: Int64

  init(from start: Timestamp?, to end: Timestamp?) {
    let start = start ?? Timestamp(milliseconds: 0)
    self.start = start
    length = max(1000, (end ?? start).milliseconds - start.milliseconds)
  }

  /// 0 at the beginning, 1 at the end.
  func part(_ moment: Timestamp) -> Double {
    min(1, max(0, Double(moment.milliseconds - start.milliseconds) / Double(length)))
  }

  /// Up to eight, at whole seconds, minutes, hours or days.
  var ticks: [Timestamp] {
    let first = (start.milliseconds + step - 1) / step * step
    return stride(from: first, through: start.milliseconds + length, by: Int64.Stride(step)).map {
      Timestamp(milliseconds: $0)
    }
  }

  /// The time, and the date where the axis is longer than a day or this is its first mark of one.
  func names(of tick: Timestamp) -> (String, String) {
    let isFirst = tick.milliseconds - start.milliseconds < step || tick.clockTime == "00:00:00"
    return (isFirst || step >= 86_400_000 ? tick.calendarDate : "", tick.clockTime)
  }

  private static let steps: [Int64] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
  ]

  private var step: Int64 {
    if let step = Self.steps.first(where: { length / ($0 * 1000) < 8 }) { return step * 1000 }
    let days = length / 86_400_000 / 8 + 1
    return days * 86_400_000
  }
}
