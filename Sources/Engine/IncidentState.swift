public import IncidentModel

/// An incident as far as the journal tells it.
public struct IncidentState: Sendable, Hashable {
  public let id: IncidentID
  public private(set) var title = ""
  public private(set) var severity = Severity.p3
  public private(set) var environment = ""
  public private(set) var drill = false
  public private(set) var openedAt: Timestamp?
  public private(set) var openedBy = ""
  public private(set) var why = ""
  public private(set) var severityHistory: [SeverityStep] = []
  /// The last word on each milestone; corrections are appended to the journal, never written over.
  public private(set) var milestones: [Milestone: MilestoneMark] = [:]
  public private(set) var runs: [RunID] = []
  /// Who has which role now.
  public private(set) var roles: [Role: String] = [:]
  /// Each as it was last recorded, by number.
  public private(set) var followUps: [FollowUp] = []
  public private(set) var escalations: [Escalation] = []
  /// How far its report is.
  public private(set) var postmortem = PostmortemStage.draft

  public struct SeverityStep: Sendable, Hashable {
    public let at: Timestamp
    public let actor: String
    public let severity: Severity
    public let why: String
  }

  /// What it is made of, but for how far its report is: what lists and runs ask a long journal for, instead of every step.
  public static let kinds: Set<Fact.Kind> = [
    .incidentOpened, .severityChanged, .incidentEdited, .milestoneReached, .roleAssigned, .followUpRecorded, .escalated,
    .runStarted,
  ]

  public init(id: IncidentID) { self.id = id }

  /// Folds in one recorded event; events of other incidents change nothing.
  public mutating func apply(_ event: Event) {
    guard event.incident == id else { return }
    if let run = event.run, case .runStarted = event.fact, !runs.contains(run) { runs.append(run) }
    switch event.fact {
    case .incidentOpened(let opening):
      (title, severity, environment, drill) = (opening.title, opening.severity, opening.environment, opening.drill)
      (openedAt, openedBy, why) = (event.at, event.actor, opening.why)
      severityHistory = [SeverityStep(at: event.at, actor: event.actor, severity: opening.severity, why: opening.why)]
    case .severityChanged(let change):
      severity = change.to
      severityHistory.append(SeverityStep(at: event.at, actor: event.actor, severity: change.to, why: change.why))
    case .incidentEdited(let edit): title = edit.title
    case .milestoneReached(let mark): milestones[mark.milestone] = mark
    case .roleAssigned(let assignment):
      roles[assignment.role] = assignment.person.isEmpty ? nil : assignment.person
    case .followUpRecorded(let followUp):
      followUps.removeAll { $0.number == followUp.number }
      followUps.append(followUp)
      followUps.sort { $0.number < $1.number }
    case .escalated(let escalation): escalations.append(escalation)
    case .postmortemStatus(let status): postmortem = status.stage
    default: break
    }
  }

  /// The number that the next follow-up gets.
  public var nextFollowUp: Int { (followUps.last?.number ?? 0) + 1 }

  public func moment(of milestone: Milestone) -> Timestamp? { milestones[milestone]?.reached }

  /// The last milestone reached, as a word for lists: `open`, `mitigated`, `resolved`, `closed`.
  public var status: String {
    for milestone in [Milestone.closed, .resolved, .mitigated] where milestones[milestone] != nil {
      return milestone.rawValue
    }
    return "open"
  }
}

extension IncidentState {
  /// Every incident that the events tell of, in the order they were opened.
  public static func all(in events: some Sequence<Event>) -> [IncidentState] {
    var places: [IncidentID: Int] = [:]
    var incidents: [IncidentState] = []
    for event in events {
      guard let id = event.incident else { continue }
      if places[id] == nil {
        places[id] = incidents.count
        incidents.append(IncidentState(id: id))
      }
      if let place = places[id] { incidents[place].apply(event) }
    }
    return incidents
  }
}
