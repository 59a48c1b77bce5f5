/// The condition of a monitor holds: something is wrong that people wanted to be told about.
public struct MonitorBreach: Sendable, Hashable, Codable {
  /// Its id in `monitors.yaml`, and what people call it.
  public var monitor: String
  public var name: String
  public var environment: String
  /// What was read: `read {"failure_rate":7.5}`.
  public var reading: String
  public var severity: Severity
  /// The playbook that may help.
  public var suggest: String?
  /// True when it has been told before and still holds.
  public var reminder: Bool

  public init(
    monitor: String, name: String, environment: String, reading: String, severity: Severity, suggest: String?,
    reminder: Bool = false
  ) {
    self.monitor = monitor
    self.name = name
    self.environment = environment
    self.reading = reading
    self.severity = severity
    self.suggest = suggest
    self.reminder = reminder
  }
}

/// All is well again where a monitor had found something, or had seen nothing.
public struct MonitorRecovery: Sendable, Hashable, Codable {
  public var monitor: String
  public var name: String
  public var environment: String
  public var reading: String

  public init(monitor: String, name: String, environment: String, reading: String) {
    self.monitor = monitor
    self.name = name
    self.environment = environment
    self.reading = reading
  }
}

/// A monitor cannot be evaluated: what it watches may happen, and nobody would be told.
public struct MonitorBlindness: Sendable, Hashable, Codable {
  public var monitor: String
  public var name: String
  public var environment: String
  /// Why the last look failed.
  public var why: String
  /// How many looks in a row have failed.
  public var misses: Int
  public var severity: Severity
  /// True when it has been told before and is still so.
  public var reminder: Bool

  public init(
    monitor: String, name: String, environment: String, why: String, misses: Int, severity: Severity,
    reminder: Bool = false
  ) {
    self.monitor = monitor
    self.name = name
    self.environment = environment
    self.why = why
    self.misses = misses
    self.severity = severity
    self.reminder = reminder
  }
}

/// From here on a monitor may start the playbook in that environment by itself.
public struct PlaybookArming: Sendable, Hashable, Codable {
  public var playbook: String
  public var environment: String
  public var why: String
  /// When it ends by itself.
  public var until: Timestamp
  /// SHA-256 of the file that was agreed to, in hex: no other text is started.
  public var digest: String
  /// What was agreed to.
  public var approved: [Effect]

  public init(
    playbook: String, environment: String, why: String, until: Timestamp, digest: String, approved: [Effect]
  ) {
    self.playbook = playbook
    self.environment = environment
    self.why = why
    self.until = until
    self.digest = digest
    self.approved = approved
  }
}

public struct PlaybookDisarming: Sendable, Hashable, Codable {
  public var playbook: String
  public var environment: String
  public var why: String?

  public init(playbook: String, environment: String, why: String? = nil) {
    self.playbook = playbook
    self.environment = environment
    self.why = why
  }
}

/// An armed playbook is about to be started by a monitor, was started, or was not.
public struct PlaybookFiring: Sendable, Hashable, Codable {
  public enum Stage: String, Sendable, Codable {
    /// It starts at `due`; until then anybody can disarm it.
    case announced
    case started
    /// It was not started; `why` says the reason.
    case calledOff = "called_off"
  }

  public var playbook: String
  public var environment: String
  public var monitor: String
  public var stage: Stage
  /// The end of the grace period.
  public var due: Timestamp
  public var why: String?

  public init(
    playbook: String, environment: String, monitor: String, stage: Stage, due: Timestamp, why: String? = nil
  ) {
    self.playbook = playbook
    self.environment = environment
    self.monitor = monitor
    self.stage = stage
    self.due = due
    self.why = why
  }
}
