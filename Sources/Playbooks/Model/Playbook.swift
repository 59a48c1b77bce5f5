public import IncidentModel

/// One procedure, read from one YAML file and found free of errors.
public struct Playbook: Sendable {
  public var id: String
  public var name: String
  public var description: String?
  public var severity: Severity?
  public var owner: String?
  public var tags: [String]
  public var review: Review?
  public var whenToUse: [String]
  public var killSwitch: KillSwitch?
  /// The word that a `destructive` step asks for outside `pull`.
  public var confirm: String?
  /// The id of the playbook that takes this one back.
  public var inverse: String?
  public var prerequisites: [Prerequisite]
  /// In the order of the file.
  public var targets: [Target]
  /// In the order of the file.
  public var params: [Parameter]
  public var connections: [String]
  public var schedule: Schedule?
  /// How often it is to be drilled; `nil` where the playbook does not say.
  public var drill: Duration?
  public var steps: [Step]
  public var handlers: Handlers
  public var source: PlaybookSource

  /// How often it is to be drilled: a kill switch every 30 days, unless the playbook says otherwise; `nil`: never.
  public var drillPeriod: Duration? { drill ?? (killSwitch == nil ? nil : .seconds(30 * 86_400)) }

  /// The word that has to be typed before anything destructive happens.
  public var confirmationWord: String? { killSwitch?.word ?? confirm }

  public init(
    id: String, name: String, description: String? = nil, severity: Severity? = nil, owner: String? = nil,
    tags: [String] = [], review: Review? = nil, whenToUse: [String] = [], killSwitch: KillSwitch? = nil,
    confirm: String? = nil, inverse: String? = nil, prerequisites: [Prerequisite] = [], targets: [Target] = [],
    params: [Parameter] = [], connections: [String] = [], schedule: Schedule? = nil, drill: Duration? = nil,
    steps: [Step], handlers: Handlers = Handlers(), source: PlaybookSource
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.severity = severity
    self.owner = owner
    self.tags = tags
    self.review = review
    self.whenToUse = whenToUse
    self.killSwitch = killSwitch
    self.confirm = confirm
    self.inverse = inverse
    self.prerequisites = prerequisites
    self.targets = targets
    self.params = params
    self.connections = connections
    self.schedule = schedule
    self.drill = drill
    self.steps = steps
    self.handlers = handlers
    self.source = source
  }
}

/// The file a playbook was read from.
public struct PlaybookSource: Sendable, Hashable {
  public var file: String
  public var text: String
  /// SHA-256 of the text, in hex.
  public var digest: String

  public init(file: String, text: String, digest: String) {
    self.file = file
    self.text = text
    self.digest = digest
  }
}

public struct Review: Sendable, Hashable {
  /// `YYYY-MM-DD`; `nil`: never reviewed.
  public var last: String?
  public var every: Duration?

  public init(last: String?, every: Duration?) {
    self.last = last
    self.every = every
  }
}

public struct KillSwitch: Sendable, Hashable {
  public var word: String

  public init(word: String) { self.word = word }
}

/// Something that must be recorded as true before step 1.
public struct Prerequisite: Sendable, Hashable {
  public var id: String
  public var ask: String

  public init(id: String, ask: String) {
    self.id = id
    self.ask = ask
  }
}

/// A clock from the runbook's text, counted from *detected*.
public struct Target: Sendable, Hashable {
  public var name: String
  public var limit: Duration

  public init(name: String, limit: Duration) {
    self.name = name
    self.limit = limit
  }
}

public enum Schedule: Sendable, Hashable {
  case daily
  case weekly
  case monthly
  case every(Duration)
}

public struct Handlers: Sendable {
  public var success: [Step]
  public var failure: [Step]
  public var cancelled: [Step]
  public var waiting: [Step]
  public var always: [Step]

  public init(
    success: [Step] = [], failure: [Step] = [], cancelled: [Step] = [], waiting: [Step] = [], always: [Step] = []
  ) {
    self.success = success
    self.failure = failure
    self.cancelled = cancelled
    self.waiting = waiting
    self.always = always
  }

  public var all: [Step] { success + failure + cancelled + waiting + always }
}
