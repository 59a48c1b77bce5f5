internal import Foundation
public import IncidentModel
internal import Playbooks

/// How often something comes round.
struct Rhythm: Sendable, Hashable {
  static let day = Duration.seconds(86_400)

  private enum Step: Hashable {
    case month
    case duration(Duration)
  }

  /// `weekly`, `every 12h`
  let word: String
  private let step: Step

  init(_ schedule: Schedule) {
    switch schedule {
    case .daily: (word, step) = ("daily", .duration(Self.day))
    case .weekly: (word, step) = ("weekly", .duration(Self.day * 7))
    case .monthly: (word, step) = ("monthly", .month)
    case .every(let duration): (word, step) = ("every \(duration.playbookText)", .duration(duration))
    }
  }

  init(every duration: Duration) { self.init(.every(duration)) }

  /// True when it is a matter of days, not of hours.
  var isOfDays: Bool {
    switch step {
    case .month: true
    case .duration(let duration): duration.wholeMilliseconds % Self.day.wholeMilliseconds == 0
    }
  }

  /// When it is due again. A month after 31 January is the last day of February.
  func next(after moment: Timestamp) -> Timestamp {
    switch step {
    case .duration(let duration): return moment + duration
    case .month:
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = .gmt
      let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)
      let next = calendar.date(byAdding: .month, value: 1, to: date) ?? date + 30 * 86_400
      return Timestamp(milliseconds: Int64((next.timeIntervalSince1970 * 1000).rounded()))
    }
  }

  /// As RFC 5545 writes it: `FREQ=DAILY;INTERVAL=30`.
  var rule: String {
    guard case .duration(let duration) = step else { return "FREQ=MONTHLY" }
    let seconds = max(1, duration.wholeMilliseconds / 1000)
    let units: [(String, Int64)] = [("WEEKLY", 604_800), ("DAILY", 86_400), ("HOURLY", 3600), ("MINUTELY", 60)]
    let (name, size) = units.first { seconds.isMultiple(of: $0.1) } ?? ("SECONDLY", 1)
    return seconds == size ? "FREQ=\(name)" : "FREQ=\(name);INTERVAL=\(seconds / size)"
  }
}
