public import IncidentModel

/// Something that is looked at again and again, and when that means trouble.
public struct Monitor: Sendable {
  /// What a database that answers with NULL, or with no row at all, means.
  public enum Vacancy: String, Sendable, CaseIterable {
    case breach
    case ok
    case unknown
  }

  public var id: String
  /// What an incident that it opens is called.
  public var name: String
  public var probe: Check.Probe
  public var every: Duration
  /// How many times the probe is made for one reading, one after the other. At least 1.
  public var samples: Int
  /// A number of each sample; their mean is `average` in `breach`.
  public var measure: Expression?
  /// Holds when something is wrong.
  public var breach: Expression
  public var onNull: Vacancy
  public var severity: Severity
  /// The id of the playbook that may help.
  public var suggest: String?
  /// The id of the one that starts by itself where it is armed; without it, that is the one that may help.
  public var starts: String?
  /// Where it looks; empty: everywhere.
  public var environments: [String]
  /// After the suggested playbook was started by itself, it is not for so long.
  public var coolDown: Duration
  /// How long before it starts anybody can stop it.
  public var grace: Duration
  public var location: SourceLocation

  public init(
    id: String, name: String, probe: Check.Probe, every: Duration, samples: Int = 1, measure: Expression? = nil,
    breach: Expression, onNull: Vacancy = .unknown, severity: Severity, suggest: String? = nil,
    starts: String? = nil, environments: [String] = [], coolDown: Duration = .seconds(3600),
    grace: Duration = .seconds(30), location: SourceLocation
  ) {
    self.id = id
    self.name = name
    self.probe = probe
    self.every = every
    self.samples = samples
    self.measure = measure
    self.breach = breach
    self.onNull = onNull
    self.severity = severity
    self.suggest = suggest
    self.starts = starts
    self.environments = environments
    self.coolDown = coolDown
    self.grace = grace
    self.location = location
  }

  /// What an arming has to name for this monitor to start something.
  public var startable: String? { starts ?? suggest }

  public func looks(in environment: String) -> Bool { environments.isEmpty || environments.contains(environment) }
}

/// `monitors.yaml`
public struct MonitorFile: Sendable {
  /// In the order of the file.
  public var monitors: [Monitor]
  /// The webhook connection that is told before a playbook starts by itself; `nil`: none is.
  public var announce: String?

  public init(monitors: [Monitor], announce: String? = nil) {
    self.monitors = monitors
    self.announce = announce
  }
}
