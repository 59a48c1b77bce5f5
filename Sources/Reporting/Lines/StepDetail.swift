internal import Engine
public import IncidentModel

/// Everything recorded about one step. In JSON the evidence stands beside the keys of the list.
public struct StepDetail: Sendable, Hashable, Codable {
  public let step: StepLine
  public let evidence: StepEvidence

  init(_ account: StepAccount) {
    step = StepLine(account)
    evidence = StepEvidence(account)
  }

  public init(from decoder: any Decoder) throws {
    step = try StepLine(from: decoder)
    evidence = try StepEvidence(from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    try step.encode(to: encoder)
    try evidence.encode(to: encoder)
  }
}

/// What a list has no room for: the action, what it reported, what its check said, who decided what.
public struct StepEvidence: Sendable, Hashable, Codable {
  /// `ok`, `FAILED`…: how it stands, for people.
  public let word: String
  /// What there is to say about that.
  public let explanation: String
  /// The action as a person reads it, secrets hidden.
  public let preview: [String]
  @OrNull public var outcome: StepAct.Outcome?
  @OrNull public var unknown: UnknownReason?
  @OrNull public var failure: Failure?
  /// What the last attempt returned.
  public let outputs: [String: Value]
  public let warnings: [String]
  public let check: [String]
  @OrNull public var reading: String?
  @OrNull public var checked: Timestamp?
  @OrNull public var checkFailure: Failure?
  public let readings: Int
  @OrNull public var question: StepQuestion?
  @OrNull public var answer: Value?
  /// The answer with who gave it, what was ticked, and the hash of the file it named.
  @OrNull public var answered: AnswerLine?
  /// Of a `monitor` step, since its last retry.
  public let samples: [SampleLine]
  @OrNull public var rolledBack: RollbackLine?
  public let registered: [String: Value]
  public let attemptsMade: [StepAttempt]
  public let choices: [ChoiceLine]

  init(_ account: StepAccount) {
    let record = account.record
    let last = account.lastCheck
    word = account.word
    explanation = account.explanation
    preview = record.preview
    outputs = record.act?.outputs ?? [:]
    warnings = record.act?.warnings ?? []
    check = last?.check.check ?? []
    readings = last?.check.readings ?? 0
    registered = record.registered
    attemptsMade = account.attempts
    choices = account.choices.map { choice, event in
      ChoiceLine(choice: choice.choice, by: event.actor, at: event.at, reason: choice.reason)
    }
    outcome = record.act?.outcome
    unknown = record.act?.unknown
    failure = record.act?.failure
    reading = last?.check.reading
    checked = last?.entry.event.at
    checkFailure = last?.check.failure
    samples = account.samples
    answered = account.answered
    rolledBack = account.rollback
    question = record.question
    answer = record.answer
  }
}

/// What a person decided about a step.
public struct ChoiceLine: Sendable, Hashable, Codable {
  public let choice: StepChoice.Choice
  public let by: String
  public let at: Timestamp
  @OrNull public var reason: String?
}
