public import Engine
public import IncidentModel
public import Playbooks

/// One look of a monitor, and what became of it.
public struct MonitorLook: Sendable {
  public let monitor: Monitor
  /// When it was to happen, when its probe began, and how long that took in milliseconds.
  public let due: Timestamp
  public let taken: Timestamp
  public let milliseconds: Int64
  /// How many looks before it were left out, because an earlier one took too long.
  public let skipped: Int
  public let reading: MonitorReading
  public let outcome: MonitorOutcome

  /// Never negative.
  public var late: Duration { max(taken - due, .zero) }
}

/// What a reading led to.
public struct MonitorOutcome: Sendable {
  /// `nil`: nothing that was not told before.
  public var news: MonitorNews?
  /// The incident that was told, now or before.
  public var incident: IncidentID?
  public var opened = false
  /// How many looks in a row have failed.
  public var misses = 0
  /// An armed playbook that is about to start.
  public var announced: PlaybookFiring?
  /// Why an armed playbook does not.
  public var refused: String?
  /// The journal could not take it; it is tried again with the next reading.
  public var trouble: Problem?
}

/// Sees what a watch does as it happens.
public protocol MonitorObserver: Sendable {
  func looked(_ look: MonitorLook)
  /// What became of an armed playbook: its announcement was told with the look that led to it.
  func fired(_ firing: PlaybookFiring, _ result: RunResult?)
  /// A message that did not get out.
  func troubled(_ problem: Problem)
}
