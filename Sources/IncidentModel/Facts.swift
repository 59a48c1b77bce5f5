/// The text of a playbook as it was run, so that a report needs nothing but the journal.
public struct PlaybookRecord: Sendable, Hashable, Codable {
  public var playbook: String
  /// SHA-256 of the file, in hex.
  public var digest: String
  public var text: String

  public init(playbook: String, digest: String, text: String) {
    self.playbook = playbook
    self.digest = digest
    self.text = text
  }
}

public struct IncidentOpening: Sendable, Hashable, Codable {
  public var title: String
  public var severity: Severity
  /// Why it has that severity.
  public var why: String
  public var environment: String
  public var drill: Bool

  public init(title: String, severity: Severity, why: String, environment: String, drill: Bool) {
    self.title = title
    self.severity = severity
    self.why = why
    self.environment = environment
    self.drill = drill
  }
}

public struct SeverityChange: Sendable, Hashable, Codable {
  public var from: Severity
  public var to: Severity
  public var why: String

  public init(from: Severity, to: Severity, why: String) {
    self.from = from
    self.to = to
    self.why = why
  }
}

public struct MilestoneMark: Sendable, Hashable, Codable {
  public var milestone: Milestone
  /// When it was reached; the entry's own time is when that was recorded.
  public var reached: Timestamp
  /// What told us: `run RUN-1`, `dana@ops1`, `--detected-at`.
  public var source: String

  public init(_ milestone: Milestone, reached: Timestamp, source: String) {
    self.milestone = milestone
    self.reached = reached
    self.source = source
  }
}

public struct Note: Sendable, Hashable, Codable {
  public var text: String
  /// When the noted thing happened, if that is not when it was written down.
  public var happened: Timestamp?
  public var starred: Bool

  public init(text: String, happened: Timestamp?, starred: Bool) {
    self.text = text
    self.happened = happened
    self.starred = starred
  }
}

/// The process that drives a run.
public struct RunOwner: Sendable, Hashable, Codable {
  public var host: String
  public var pid: Int
  /// Counts the processes that drove this run, from 1. A stale one is refused by it.
  public var epoch: Int

  public init(host: String, pid: Int, epoch: Int) {
    self.host = host
    self.pid = pid
    self.epoch = epoch
  }
}

public struct RunStart: Sendable, Hashable, Codable {
  public var playbook: String
  public var name: String
  public var digest: String
  public var environment: String
  public var production: Bool
  public var drill: Bool
  /// True when nobody is asked anything.
  public var unattended: Bool
  /// Every parameter by name; secret ones as `(hidden)`.
  public var params: [String: Value]
  public var prerequisites: [String: Bool]
  /// What the clocks count from.
  public var detected: Timestamp
  public var owner: RunOwner
  /// What was agreed to as a whole, before it began.
  public var approved: [Effect]
  /// The run whose step started this one.
  public var parent: RunID?
  /// The step of that run.
  public var parentStep: String?

  public init(
    playbook: String, name: String, digest: String, environment: String, production: Bool, drill: Bool,
    unattended: Bool, params: [String: Value], prerequisites: [String: Bool], detected: Timestamp, owner: RunOwner,
    approved: [Effect] = [], parent: RunID? = nil, parentStep: String? = nil
  ) {
    self.playbook = playbook
    self.name = name
    self.digest = digest
    self.environment = environment
    self.production = production
    self.drill = drill
    self.unattended = unattended
    self.params = params
    self.prerequisites = prerequisites
    self.detected = detected
    self.owner = owner
    self.approved = approved
    self.parent = parent
    self.parentStep = parentStep
  }
}

public struct RunResumption: Sendable, Hashable, Codable {
  public var owner: RunOwner

  public init(owner: RunOwner) { self.owner = owner }
}

public struct RunParking: Sendable, Hashable, Codable {
  public var reason: String

  public init(reason: String) { self.reason = reason }
}

public struct RunEnd: Sendable, Hashable, Codable {
  public var phase: RunPhase
  public var reason: String?

  public init(phase: RunPhase, reason: String? = nil) {
    self.phase = phase
    self.reason = reason
  }
}

/// What a step is about to do. Durable before it does it.
public struct StepIntent: Sendable, Hashable, Codable {
  /// The step's name with its templates resolved.
  public var title: String
  /// The action key: `sql`, `http`, `command`…
  public var action: String
  public var effect: Effect
  /// The action as a person reads it, secrets hidden.
  public var preview: [String]
  /// SHA-256 over the resolved action, in hex.
  public var digest: String

  public init(title: String, action: String, effect: Effect, preview: [String], digest: String) {
    self.title = title
    self.action = action
    self.effect = effect
    self.preview = preview
    self.digest = digest
  }
}

/// What the action itself reported, before any check.
public struct StepAct: Sendable, Hashable, Codable {
  public enum Outcome: String, Sendable, Codable {
    case succeeded
    case failed
    case unknown
  }

  public var outcome: Outcome
  public var unknown: UnknownReason?
  public var failure: Failure?
  public var milliseconds: Int64
  public var outputs: [String: Value]
  public var warnings: [String]

  public init(result: ActionResult, milliseconds: Int64, outputs: [String: Value]) {
    switch result.outcome {
    case .succeeded: outcome = .succeeded
    case .failed: outcome = .failed
    case .unknown(let reason, _):
      outcome = .unknown
      unknown = reason
    }
    failure = result.failure
    self.milliseconds = milliseconds
    self.outputs = outputs
    warnings = result.warnings
  }
}

/// What the check of a step said.
public struct StepCheck: Sendable, Hashable, Codable {
  public var verification: Verification
  /// The check as a person reads it.
  public var check: [String]
  /// What the last reading was: `rows[0].value = "false"`.
  public var reading: String?
  /// Why it is not `verified`.
  public var failure: Failure?
  /// How many readings were taken.
  public var readings: Int
  public var milliseconds: Int64

  public init(
    verification: Verification, check: [String], reading: String?, failure: Failure?, readings: Int,
    milliseconds: Int64
  ) {
    self.verification = verification
    self.check = check
    self.reading = reading
    self.failure = failure
    self.readings = readings
    self.milliseconds = milliseconds
  }
}

/// How an attempt of a step ended.
public struct StepEnd: Sendable, Hashable, Codable {
  public var state: StepState
  public var verification: Verification
  /// Why it is not verified, or not done.
  public var reason: String?
  /// The values named by `register` or `set`.
  public var registered: [String: Value]
  /// True when the engine is going to try again: this attempt does not settle the step.
  public var retrying: Bool
  /// The step's name, where no intent says it: it could not even be prepared.
  public var title: String?

  public init(
    state: StepState, verification: Verification, reason: String? = nil, registered: [String: Value] = [:],
    retrying: Bool = false, title: String? = nil
  ) {
    self.state = state
    self.verification = verification
    self.reason = reason
    self.registered = registered
    self.retrying = retrying
    self.title = title
  }
}

public struct StepSkip: Sendable, Hashable, Codable {
  public enum Cause: String, Sendable, Codable {
    /// `when` was false, or the other branch was taken.
    case condition
    /// A person said so.
    case person
    /// A run limited by `--from` or `--only`.
    case selection
  }

  public var title: String
  public var reason: String
  public var cause: Cause

  public init(title: String, reason: String, cause: Cause) {
    self.title = title
    self.reason = reason
    self.cause = cause
  }
}

/// What a person is asked by a manual step.
public struct StepQuestion: Sendable, Hashable, Codable {
  public var title: String
  public var ask: String
  public var checklist: [String]
  /// A text to copy and post, and where to post it.
  public var draft: String?
  public var link: String?
  /// The kind of answer: `confirm`, `text`, `url`…
  public var answerType: String

  public init(title: String, ask: String, checklist: [String], draft: String?, link: String?, answerType: String) {
    self.title = title
    self.ask = ask
    self.checklist = checklist
    self.draft = draft
    self.link = link
    self.answerType = answerType
  }
}

/// What a person answered to a manual step.
public struct StepAnswer: Sendable, Hashable, Codable {
  public var answer: Value
  /// Why, where the answer itself does not say it.
  public var why: String?
  /// The items of the checklist that were ticked, by their place from 1; `nil` without a checklist.
  public var ticked: [Int]?
  /// SHA-256 of the file that was named, in hex, and its size in bytes.
  public var sha256: String?
  public var bytes: Int64?

  public init(answer: Value, why: String? = nil, ticked: [Int]? = nil, sha256: String? = nil, bytes: Int64? = nil) {
    self.answer = answer
    self.why = why
    self.ticked = ticked
    self.sha256 = sha256
    self.bytes = bytes
  }
}

/// What a person decided about a step that did not go well.
public struct StepChoice: Sendable, Hashable, Codable {
  public enum Choice: String, Sendable, Codable {
    /// Run the action again: a new attempt.
    case retry
    /// Only make the check again.
    case check
    /// Go on without it.
    case skip
    /// A person did it; `reason` is the evidence.
    case doneByHand = "done_by_hand"
    /// Go on with the failure as it is.
    case goOn = "go_on"
    /// End the run here.
    case stop
    /// Take a step that was done back by its `undo`.
    case rollBack = "roll_back"
    /// What the check shows is taken for the outcome that nobody saw.
    case accept
  }

  public var choice: Choice
  public var reason: String?

  public init(_ choice: Choice, reason: String? = nil) {
    self.choice = choice
    self.reason = reason
  }
}

public struct BranchChoice: Sendable, Hashable, Codable {
  public var taken: Bool

  public init(taken: Bool) { self.taken = taken }
}

/// A clock of the runbook, judged when the step or group that names it is done. Never a limit.
public struct TargetJudgement: Sendable, Hashable, Codable {
  public var target: String
  public var limitMilliseconds: Int64
  /// From *detected*.
  public var elapsedMilliseconds: Int64
  public var met: Bool

  public init(target: String, limit: Duration, elapsed: Duration) {
    self.target = target
    limitMilliseconds = limit.wholeMilliseconds
    elapsedMilliseconds = elapsed.wholeMilliseconds
    met = elapsed <= limit
  }
}

/// A message in the outbox.
public struct Message: Sendable, Hashable, Codable {
  /// Unique in the journal: `RUN-1/tell-discord`.
  public var id: String
  public var connection: String
  public var environment: String
  public var template: String
  public var text: String

  public init(id: String, connection: String, environment: String, template: String, text: String) {
    self.id = id
    self.connection = connection
    self.environment = environment
    self.template = template
    self.text = text
  }
}

public struct MessageReceipt: Sendable, Hashable, Codable {
  public var id: String
  /// What the service answered: its status, and its own id of the message where it gives one.
  public var status: Int
  public var remoteID: String?

  public init(id: String, status: Int, remoteID: String?) {
    self.id = id
    self.status = status
    self.remoteID = remoteID
  }
}

public struct MessageFailure: Sendable, Hashable, Codable {
  public var id: String
  public var failure: Failure
  /// True when sending it again cannot help.
  public var final: Bool

  public init(id: String, failure: Failure, final: Bool) {
    self.id = id
    self.failure = failure
    self.final = final
  }
}
