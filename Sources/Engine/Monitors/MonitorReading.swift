/// What one look of a monitor came to.
public struct MonitorReading: Sendable, Hashable {
  public enum Verdict: String, Sendable {
    case fine = "ok"
    case breached = "breach"
    /// It could not be evaluated.
    case missed = "unknown"
  }

  public let verdict: Verdict
  /// What was read, or why nothing could be.
  public let text: String

  public init(_ verdict: Verdict, _ text: String) {
    self.verdict = verdict
    self.text = text
  }
}

/// What a reading means for the record.
public enum MonitorNews: String, Sendable, Hashable {
  case breached
  /// The breach is known, and still there after a while.
  case stillBreached = "still_breached"
  case recovered
  /// Too many looks in a row have failed.
  case blind
  case stillBlind = "still_blind"
}
