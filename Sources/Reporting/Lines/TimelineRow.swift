public import IncidentModel

/// One line of the story of an incident.
public struct TimelineRow: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Codable {
    case milestone, severity, run, step, target, message, note
  }

  /// When it happened, which may be before it was written down.
  public let at: Timestamp
  /// Since *detected*; negative before it.
  @OrNull public var sinceDetectedMilliseconds: Int64?
  public let kind: Kind
  public let event: String
  public let by: String
  /// True for what somebody marked as important, and for milestones.
  public let starred: Bool
  @OrNull public var run: RunID?
  @OrNull public var step: String?
  /// When it was written down, if that was later.
  @OrNull public var recorded: Timestamp?
  public let entry: Int64

  /// `T+01:35`, `T-00:30`, or empty without a moment of detection.
  public var sinceDetectedText: String {
    guard let sinceDetectedMilliseconds else { return "" }
    let text = Duration.milliseconds(sinceDetectedMilliseconds).clockText
    return text.hasPrefix("-") ? "T\(text)" : "T+\(text)"
  }
}
