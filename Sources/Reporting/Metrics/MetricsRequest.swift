public import IncidentModel

/// Which incidents the figures are of, what they count from, and how they are put side by side.
public struct MetricsRequest: Sendable, Hashable {
  /// What incidents are put side by side by.
  public enum Grouping: String, Sendable, Hashable, Codable, CaseIterable {
    case severity
    /// The month, or the week by ISO 8601, in which it was detected, UTC.
    case month
    case week
    /// An incident counts for each playbook that was run in it.
    case playbook
    case environment
    /// A tag of a playbook that was run in it; an incident counts for each.
    case label
  }

  /// What acknowledging, mitigating and resolving count from. Detecting always counts from *started*.
  public enum Anchor: String, Sendable, Hashable, Codable, CaseIterable {
    case detected
    case started
    /// When the incident was opened in Andon.
    case declared
  }

  public var grouping: Grouping
  public var anchor: Anchor
  /// Detected at this moment or later.
  public var since: Timestamp?
  /// Detected before this moment.
  public var until: Timestamp?

  public init(
    by grouping: Grouping = .severity, from anchor: Anchor = .detected, since: Timestamp? = nil,
    until: Timestamp? = nil
  ) {
    self.grouping = grouping
    self.anchor = anchor
    self.since = since
    self.until = until
  }

  func includes(_ moment: Timestamp) -> Bool {
    since.map { moment >= $0 } != false && until.map { moment < $0 } != false
  }
}
