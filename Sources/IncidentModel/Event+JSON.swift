extension Fact {
  public var kind: Kind {
    switch self {
    case .playbookRecorded: .playbookRecorded
    case .incidentOpened: .incidentOpened
    case .severityChanged: .severityChanged
    case .milestoneReached: .milestoneReached
    case .noted: .noted
    case .incidentEdited: .incidentEdited
    case .roleAssigned: .roleAssigned
    case .escalated: .escalated
    case .followUpRecorded: .followUpRecorded
    case .postmortemStatus: .postmortemStatus
    case .entryStarred: .entryStarred
    case .runStarted: .runStarted
    case .runResumed: .runResumed
    case .runParked: .runParked
    case .runFinished: .runFinished
    case .runDegraded: .runDegraded
    case .spoolImported: .spoolImported
    case .runHandedOver: .runHandedOver
    case .cancellationAsked: .cancellationAsked
    case .stepIntended: .stepIntended
    case .stepActed: .stepActed
    case .stepChecked: .stepChecked
    case .stepFinished: .stepFinished
    case .stepSkipped: .stepSkipped
    case .stepAsked: .stepAsked
    case .stepAnswered: .stepAnswered
    case .stepChosen: .stepChosen
    case .stepSampled: .stepSampled
    case .stepRolledBack: .stepRolledBack
    case .branchTaken: .branchTaken
    case .targetJudged: .targetJudged
    case .messageQueued: .messageQueued
    case .messageSent: .messageSent
    case .messageFailed: .messageFailed
    case .monitorBreached: .monitorBreached
    case .monitorRecovered: .monitorRecovered
    case .monitorBlind: .monitorBlind
    case .playbookArmed: .playbookArmed
    case .playbookDisarmed: .playbookDisarmed
    case .playbookFiring: .playbookFiring
    case .clockJumped: .clockJumped
    }
  }

  fileprivate var details: any Encodable {
    switch self {
    case .playbookRecorded(let details): details
    case .incidentOpened(let details): details
    case .severityChanged(let details): details
    case .milestoneReached(let details): details
    case .noted(let details): details
    case .incidentEdited(let details): details
    case .roleAssigned(let details): details
    case .escalated(let details): details
    case .followUpRecorded(let details): details
    case .postmortemStatus(let details): details
    case .entryStarred(let details): details
    case .runStarted(let details): details
    case .runResumed(let details): details
    case .runParked(let details): details
    case .runFinished(let details): details
    case .runDegraded(let details): details
    case .spoolImported(let details): details
    case .runHandedOver(let details): details
    case .cancellationAsked(let details): details
    case .stepIntended(let details): details
    case .stepActed(let details): details
    case .stepChecked(let details): details
    case .stepFinished(let details): details
    case .stepSkipped(let details): details
    case .stepAsked(let details): details
    case .stepAnswered(let details): details
    case .stepChosen(let details): details
    case .stepSampled(let details): details
    case .stepRolledBack(let details): details
    case .branchTaken(let details): details
    case .targetJudged(let details): details
    case .messageQueued(let details): details
    case .messageSent(let details): details
    case .messageFailed(let details): details
    case .monitorBreached(let details): details
    case .monitorRecovered(let details): details
    case .monitorBlind(let details): details
    case .playbookArmed(let details): details
    case .playbookDisarmed(let details): details
    case .playbookFiring(let details): details
    case .clockJumped(let details): details
    }
  }

  fileprivate init(_ kind: Kind, from container: KeyedDecodingContainer<Event.Key>) throws {
    func details<Details: Decodable>() throws -> Details { try container.decode(Details.self, forKey: .details) }
    self =
      switch kind {
      case .playbookRecorded: .playbookRecorded(try details())
      case .incidentOpened: .incidentOpened(try details())
      case .severityChanged: .severityChanged(try details())
      case .milestoneReached: .milestoneReached(try details())
      case .noted: .noted(try details())
      case .incidentEdited: .incidentEdited(try details())
      case .roleAssigned: .roleAssigned(try details())
      case .escalated: .escalated(try details())
      case .followUpRecorded: .followUpRecorded(try details())
      case .postmortemStatus: .postmortemStatus(try details())
      case .entryStarred: .entryStarred(try details())
      case .runStarted: .runStarted(try details())
      case .runResumed: .runResumed(try details())
      case .runParked: .runParked(try details())
      case .runFinished: .runFinished(try details())
      case .runDegraded: .runDegraded(try details())
      case .spoolImported: .spoolImported(try details())
      case .runHandedOver: .runHandedOver(try details())
      case .cancellationAsked: .cancellationAsked(try details())
      case .stepIntended: .stepIntended(try details())
      case .stepActed: .stepActed(try details())
      case .stepChecked: .stepChecked(try details())
      case .stepFinished: .stepFinished(try details())
      case .stepSkipped: .stepSkipped(try details())
      case .stepAsked: .stepAsked(try details())
      case .stepAnswered: .stepAnswered(try details())
      case .stepChosen: .stepChosen(try details())
      case .stepSampled: .stepSampled(try details())
      case .stepRolledBack: .stepRolledBack(try details())
      case .branchTaken: .branchTaken(try details())
      case .targetJudged: .targetJudged(try details())
      case .messageQueued: .messageQueued(try details())
      case .messageSent: .messageSent(try details())
      case .messageFailed: .messageFailed(try details())
      case .monitorBreached: .monitorBreached(try details())
      case .monitorRecovered: .monitorRecovered(try details())
      case .monitorBlind: .monitorBlind(try details())
      case .playbookArmed: .playbookArmed(try details())
      case .playbookDisarmed: .playbookDisarmed(try details())
      case .playbookFiring: .playbookFiring(try details())
      case .clockJumped: .clockJumped(try details())
      }
  }
}

/// The form of an event in the journal; `docs/journal-format.md` describes every key.
extension Event: Codable {
  enum Key: String, CodingKey {
    case kind, at, boot
    case bootID = "boot_id"
    case actor = "by"
    case incident, run, step, attempt, details
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    at = try container.decode(Timestamp.self, forKey: .at)
    boot = try container.decode(Int64.self, forKey: .boot)
    bootID = try container.decode(String.self, forKey: .bootID)
    actor = try container.decode(String.self, forKey: .actor)
    incident = try container.decodeIfPresent(IncidentID.self, forKey: .incident)
    run = try container.decodeIfPresent(RunID.self, forKey: .run)
    step = try container.decodeIfPresent(StepID.self, forKey: .step)
    attempt = try container.decodeIfPresent(Int.self, forKey: .attempt)
    fact = try Fact(container.decode(Fact.Kind.self, forKey: .kind), from: container)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(fact.kind, forKey: .kind)
    try container.encode(at, forKey: .at)
    try container.encode(boot, forKey: .boot)
    try container.encode(bootID, forKey: .bootID)
    try container.encode(actor, forKey: .actor)
    try container.encodeIfPresent(incident, forKey: .incident)
    try container.encodeIfPresent(run, forKey: .run)
    try container.encodeIfPresent(step, forKey: .step)
    try container.encodeIfPresent(attempt, forKey: .attempt)
    try container.encode(fact.details, forKey: .details)
  }
}
