public import IncidentModel

/// How bad is it? The written criteria of `severity.yaml`, worst first.
public struct SeverityScale: Sendable, Hashable {
  public var levels: [SeverityLevel]

  public init(levels: [SeverityLevel]) { self.levels = levels }

  public subscript(severity: Severity) -> SeverityLevel? { levels.first { $0.severity == severity } }
}

/// One of P0 to P3.
public struct SeverityLevel: Sendable, Hashable {
  public var severity: Severity
  /// `Critical`
  public var name: String
  /// One that holds is enough.
  public var criteria: [String]
  /// Response times, counted from the start of an incident, in the order of the file.
  public var windows: [Window]
  /// Ids or roles of `contacts.yaml`, or plain words.
  public var notify: [String]
  /// Ids of playbooks that may help.
  public var suggest: [String]

  public struct Window: Sendable, Hashable {
    public var name: String
    public var length: Duration

    public init(name: String, length: Duration) {
      self.name = name
      self.length = length
    }
  }

  public init(
    severity: Severity, name: String, criteria: [String] = [], windows: [Window] = [], notify: [String] = [],
    suggest: [String] = []
  ) {
    self.severity = severity
    self.name = name
    self.criteria = criteria
    self.windows = windows
    self.notify = notify
    self.suggest = suggest
  }
}
