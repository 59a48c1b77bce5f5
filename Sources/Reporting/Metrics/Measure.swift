internal import Engine
internal import IncidentModel

/// A figure of an incident. Each is the time between two moments; where one of them is not known there is none.
enum Measure: String, Sendable, Hashable, Codable, CaseIterable {
  case detect = "TTD"
  case acknowledge = "TTA"
  case mitigate = "TTM"
  case resolve = "TTR"
  case impact

  /// What it measures, in words.
  var meaning: String {
    switch self {
    case .detect: "time to detect"
    case .acknowledge: "time to acknowledge"
    case .mitigate: "time to mitigate"
    case .resolve: "time to resolve"
    case .impact: "how long users were hurt"
    }
  }

  /// The word for what it counts from.
  func begin(_ anchor: MetricsRequest.Anchor) -> String {
    switch self {
    case .detect, .impact: Milestone.started.rawValue
    case .acknowledge, .mitigate, .resolve: anchor.rawValue
    }
  }

  var end: Milestone {
    switch self {
    case .detect: .detected
    case .acknowledge: .acknowledged
    case .mitigate, .impact: .mitigated
    case .resolve: .resolved
    }
  }

  /// What it is for an incident, in milliseconds, or why there is nothing.
  func value(of incident: IncidentState, from anchor: MetricsRequest.Anchor) -> MeasuredTime {
    let word = begin(anchor)
    let first = word == MetricsRequest.Anchor.declared.rawValue ? incident.openedAt : incident.moment(of: word)
    guard let first, let last = incident.moment(of: end) else {
      return .missing("'\(first == nil ? word : end.rawValue)' is not recorded")
    }
    if last < first { return .missing("'\(end.rawValue)' lies before '\(word)'") }
    return .known((last - first).wholeMilliseconds)
  }
}

enum MeasuredTime: Sendable, Hashable {
  case known(Int64)
  /// Why.
  case missing(String)

  var milliseconds: Int64? { if case .known(let time) = self { time } else { nil } }
}

extension IncidentState {
  fileprivate func moment(of word: String) -> Timestamp? { Milestone(rawValue: word).flatMap { moment(of: $0) } }
}
