public import IncidentModel

/// How a report is laid out as plain text.
public struct TextOptions: Sendable, Hashable {
  /// Columns to stay within where possible. At least 40.
  public var width: Int
  /// What running clocks are measured against; `nil`: they are not shown.
  public var now: Timestamp?

  public init(width: Int = 80, now: Timestamp? = nil) {
    self.width = max(40, width)
    self.now = now
  }
}
