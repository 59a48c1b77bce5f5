/// One recorded fact: what happened, when, to what, by whom. The journal is a list of these.
public struct Event: Sendable, Hashable {
  public var at: Timestamp
  /// CLOCK_BOOTTIME in milliseconds, and which start of the machine it counts from.
  public var boot: Int64
  public var bootID: String
  /// The person or program that acted: `dana@ops1`.
  public var actor: String
  public var incident: IncidentID?
  public var run: RunID?
  public var step: StepID?
  /// Counts from 1.
  public var attempt: Int?
  public var fact: Fact

  public init(
    at reading: ClockReading, actor: String, incident: IncidentID? = nil, run: RunID? = nil, step: StepID? = nil,
    attempt: Int? = nil, _ fact: Fact
  ) {
    at = reading.wall
    boot = reading.boot
    bootID = reading.bootID
    self.actor = actor
    self.incident = incident
    self.run = run
    self.step = step
    self.attempt = attempt
    self.fact = fact
  }
}

/// What can be recorded. The raw words are the `kind` in the journal and never change their meaning.
public enum Fact: Sendable, Hashable {
  case playbookRecorded(PlaybookRecord)
  case incidentOpened(IncidentOpening)
  case severityChanged(SeverityChange)
  case milestoneReached(MilestoneMark)
  case noted(Note)
  case incidentEdited(IncidentEdit)
  case roleAssigned(RoleAssignment)
  case escalated(Escalation)
  case followUpRecorded(FollowUp)
  case postmortemStatus(PostmortemStatus)
  case entryStarred(EntryStar)
  case runStarted(RunStart)
  case runResumed(RunResumption)
  case runParked(RunParking)
  case runFinished(RunEnd)
  case runDegraded(RunDegradation)
  case spoolImported(SpoolArrival)
  case runHandedOver(RunHandover)
  case cancellationAsked(RunCancellation)
  case stepIntended(StepIntent)
  case stepActed(StepAct)
  case stepChecked(StepCheck)
  case stepFinished(StepEnd)
  case stepSkipped(StepSkip)
  case stepAsked(StepQuestion)
  case stepAnswered(StepAnswer)
  case stepChosen(StepChoice)
  case stepSampled(StepSample)
  case stepRolledBack(StepRollback)
  case branchTaken(BranchChoice)
  case targetJudged(TargetJudgement)
  case messageQueued(Message)
  case messageSent(MessageReceipt)
  case messageFailed(MessageFailure)
  case monitorBreached(MonitorBreach)
  case monitorRecovered(MonitorRecovery)
  case monitorBlind(MonitorBlindness)
  case playbookArmed(PlaybookArming)
  case playbookDisarmed(PlaybookDisarming)
  case playbookFiring(PlaybookFiring)
  case clockJumped(ClockJump)

  public enum Kind: String, Sendable, Codable, CaseIterable {
    case playbookRecorded = "playbook.recorded"
    case incidentOpened = "incident.opened"
    case severityChanged = "incident.severity"
    case milestoneReached = "incident.milestone"
    case noted = "note"
    case incidentEdited = "incident.edited"
    case roleAssigned = "incident.role"
    case escalated = "incident.escalated"
    case followUpRecorded = "incident.followup"
    case postmortemStatus = "postmortem.status"
    case entryStarred = "timeline.starred"
    case runStarted = "run.started"
    case runResumed = "run.resumed"
    case runParked = "run.parked"
    case runFinished = "run.finished"
    case runDegraded = "run.degraded"
    case spoolImported = "spool.imported"
    case runHandedOver = "run.handed_over"
    case cancellationAsked = "run.cancel_asked"
    case stepIntended = "step.intended"
    case stepActed = "step.acted"
    case stepChecked = "step.checked"
    case stepFinished = "step.finished"
    case stepSkipped = "step.skipped"
    case stepAsked = "step.asked"
    case stepAnswered = "step.answered"
    case stepChosen = "step.chosen"
    case stepSampled = "step.sampled"
    case stepRolledBack = "step.rolled_back"
    case branchTaken = "step.branched"
    case targetJudged = "target.judged"
    case messageQueued = "message.queued"
    case messageSent = "message.sent"
    case messageFailed = "message.failed"
    case monitorBreached = "monitor.breached"
    case monitorRecovered = "monitor.recovered"
    case monitorBlind = "monitor.blind"
    case playbookArmed = "playbook.armed"
    case playbookDisarmed = "playbook.disarmed"
    case playbookFiring = "playbook.firing"
    case clockJumped = "clock.jumped"
  }
}
