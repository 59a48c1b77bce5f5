internal import Engine
internal import IncidentModel

/// How long something took in earlier drills.
public struct DrillTimes: Sendable, Hashable, Codable {
  /// In how many drills it was measured; never 0.
  public let count: Int
  public let medianMilliseconds: Int64
  public let bestMilliseconds: Int64

  /// `nil` when it was never measured.
  init?(_ milliseconds: [Int64]) {
    let sorted = milliseconds.sorted()
    guard let best = sorted.first else { return nil }
    let middle = sorted.count / 2
    count = sorted.count
    bestMilliseconds = best
    medianMilliseconds =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  var median: Duration { .milliseconds(medianMilliseconds) }
  var best: Duration { .milliseconds(bestMilliseconds) }
}

extension RunAccount {
  /// How long somebody drove the run: the time in which it lay parked, or dead after a crash, is left out.
  var drivenMilliseconds: Int64 {
    var (total, begin, last) = (Int64(0), Event?.none, Event?.none)
    func close() -> Int64 {
      guard let begin, let last else { return 0 }
      return max(0, Elapsed(from: begin, to: last).milliseconds)
    }
    for event in entries.map(\.event) {
      switch event.fact.kind {
      case .runStarted, .runResumed:
        total += close()
        (begin, last) = (event, event)
      case .runParked, .runFinished:
        last = event
        total += close()
        (begin, last) = (nil, nil)
      default: if begin != nil { last = event }
      }
    }
    return total + close()
  }
}
