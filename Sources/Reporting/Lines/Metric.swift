internal import Engine
public import IncidentModel

/// A figure of an incident, always with what it counts from: the field does not agree on that.
public struct Metric: Sendable, Hashable, Codable {
  /// `TTD`, `TTA`, `TTM`, `TTR` or `impact time`.
  public let name: String
  /// What it measures, in words.
  public let meaning: String
  public let from: Milestone
  public let to: Milestone
  /// `nil` when one of the two is not known.
  @OrNull public var milliseconds: Int64?
  /// True when one of the two was only estimated.
  public let estimated: Bool
  /// Why there is no figure.
  @OrNull public var missing: String?

  /// All of them, in the order in which things happen.
  static func all(of incident: IncidentState) -> [Metric] {
    [
      Metric("TTD", "time to detect", from: .started, to: .detected, incident),
      Metric("TTA", "time to acknowledge", from: .detected, to: .acknowledged, incident),
      Metric("TTM", "time to mitigate", from: .detected, to: .mitigated, incident),
      Metric("TTR", "time to resolve", from: .detected, to: .resolved, incident),
      Metric("impact time", "how long users were hurt", from: .started, to: .mitigated, incident),
    ]
  }

  private init(_ name: String, _ meaning: String, from: Milestone, to: Milestone, _ incident: IncidentState) {
    self.name = name
    self.meaning = meaning
    self.from = from
    self.to = to
    // Nothing measures when harm began: people say so afterwards.
    estimated = from == .started && incident.moment(of: .started) != nil
    let absent = [from, to].filter { incident.moment(of: $0) == nil }
    if let begin = incident.moment(of: from), let end = incident.moment(of: to) {
      if end < begin {
        missing = "'\(to.rawValue)' lies before '\(from.rawValue)': one of them is wrong, or the clock was set"
      } else {
        milliseconds = (end - begin).wholeMilliseconds
      }
    } else {
      missing = "\(absent.map { "'\($0.rawValue)'" }.joined(separator: " and ")) not recorded"
    }
  }

  /// `01:35`, `~01:59`, or `–`.
  public var text: String {
    milliseconds.map { "\(estimated ? "~" : "")\(Duration.milliseconds($0).spokenText)" } ?? "–"
  }
}
