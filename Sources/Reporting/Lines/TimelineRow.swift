public import IncidentModel

/// One line of the story of an incident.
public struct TimelineRow: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    case milestone, severity, incident, role, escalation
    case followUp = "follow_up"
    case run, step, target, message, note
    /// What a monitor found or started.
    case monitor
    /// The clock of the machine was set.
    case clock
    /// A mark on another entry.
    case star
    /// What only the record of a step needs.
    case detail
  }

  /// When it happened, which may be before it was written down.
  public let at: Timestamp
  /// Since *detected*; negative before it.
  @OrNull public var sinceDetectedMilliseconds: Int64?
  public let kind: Kind
  public let event: String
  /// Who acted, or drove the run.
  public let by: String
  /// True for what no person said or decided.
  public let automatic: Bool
  /// True for what somebody marked as important, and for milestones.
  public let starred: Bool
  @OrNull public var run: RunID?
  @OrNull public var step: String?
  /// When it was written down, if that was later.
  @OrNull public var recorded: Timestamp?
  /// The entry that this one corrects, and the one that corrects it.
  @OrNull public var corrects: Int64?
  @OrNull public var correctedBy: Int64?
  public let entry: Int64

  /// `T+01:35`, `T-00:30`, or empty without a moment of detection.
  public var sinceDetectedText: String {
    guard let sinceDetectedMilliseconds else { return "" }
    let text = Duration.milliseconds(sinceDetectedMilliseconds).clockText
    return text.hasPrefix("-") ? "T\(text)" : "T+\(text)"
  }

  /// The event, and when it was written down if that was later.
  var eventText: String { event + (recorded.map { " (written down \($0.clockTime))" } ?? "") }

  /// The person, or `auto`.
  var byText: String { automatic ? "auto" : by }
}
