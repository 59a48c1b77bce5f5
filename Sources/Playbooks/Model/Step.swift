public import IncidentModel

/// One action with its checks, or a group of steps.
public struct Step: Sendable {
  /// As in the file; for a group without one, made from its place: `steps[2]`.
  public var id: StepID
  public var name: Template?
  public var description: Template?
  public var when: Expression?
  public var action: StepAction
  /// The one in the file, else the action's default.
  public var effect: Effect
  public var idempotent: Bool
  public var exactlyOnce: Bool
  public var emergency: Bool
  public var expect: Expression?
  @Rare public var verify: Check?
  /// In the order of the file.
  public var register: [Assignment]
  public var retry: Retry?
  public var timeout: Duration?
  public var target: String?
  public var critical: Bool
  public var onFailure: FailurePolicy?
  public var undo: Undo?
  public var sensitive: Bool
  public var location: SourceLocation

  public init(
    id: StepID, name: Template? = nil, description: Template? = nil, when: Expression? = nil, action: StepAction,
    effect: Effect, idempotent: Bool = false, exactlyOnce: Bool = false, emergency: Bool = false,
    expect: Expression? = nil, verify: Check? = nil, register: [Assignment] = [], retry: Retry? = nil,
    timeout: Duration? = nil, target: String? = nil, critical: Bool = true, onFailure: FailurePolicy? = nil,
    undo: Undo? = nil, sensitive: Bool = false, location: SourceLocation
  ) {
    self.id = id
    self.name = name
    self.description = description
    self.when = when
    self.action = action
    self.effect = effect
    self.idempotent = idempotent
    self.exactlyOnce = exactlyOnce
    self.emergency = emergency
    self.expect = expect
    self.verify = verify
    self.register = register
    self.retry = retry
    self.timeout = timeout
    self.target = target
    self.critical = critical
    self.onFailure = onFailure
    self.undo = undo
    self.sensitive = sensitive
    self.location = location
  }

  /// The steps inside: of a group, or of both branches.
  public var children: [Step] {
    switch action {
    case .parallel(let steps): steps
    case .branch(_, let then, let otherwise): then + otherwise
    default: []
    }
  }

  /// True for `parallel` and `if`, which act only through the steps inside.
  public var isGroup: Bool {
    switch action {
    case .parallel, .branch: true
    default: false
    }
  }
}

public struct Assignment: Sendable {
  public var name: String
  public var expression: Expression

  public init(name: String, expression: Expression) {
    self.name = name
    self.expression = expression
  }
}

public struct Retry: Sendable, Hashable {
  /// Counts attempts, the first one included. At least 1.
  public var max: Int
  public var every: Duration
  /// Multiplies `every` after each attempt. At least 1.
  public var backoff: Double

  public init(max: Int, every: Duration, backoff: Double) {
    self.max = max
    self.every = every
    self.backoff = backoff
  }
}

public enum FailurePolicy: String, Sendable, CaseIterable {
  case ask
  case stop
  case `continue`
}

/// How to take a step back. Offered, never automatic.
public indirect enum Undo: Sendable {
  case step(Step)
  case playbook(String)
}

/// The check: a read-only probe that decides whether the effect is really there.
public struct Check: Sendable {
  public enum Probe: Sendable {
    case sql(SQLAction)
    case http(HTTPAction)
    case command(CommandAction)
    case assert(AssertAction)
  }

  public var probe: Probe
  /// Must hold on the probe's outputs. `nil` only for `assert`.
  public var until: Expression?
  /// True on the probe's outputs: the reading says neither yes nor no, and the step stays unverified.
  public var inconclusive: Expression?
  public var every: Duration
  public var within: Duration
  public var location: SourceLocation

  public init(
    probe: Probe, until: Expression?, inconclusive: Expression? = nil, every: Duration = .seconds(1),
    within: Duration = .seconds(10), location: SourceLocation
  ) {
    self.probe = probe
    self.until = until
    self.inconclusive = inconclusive
    self.every = every
    self.within = within
    self.location = location
  }
}
