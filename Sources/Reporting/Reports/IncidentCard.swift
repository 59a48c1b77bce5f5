public import Engine
public import IncidentModel

/// One incident without its story: what the commands that change it show.
public struct IncidentCard: Sendable {
  private let incident: IncidentState

  public init(_ incident: IncidentState) { self.incident = incident }

  // MARK: - JSON

  public func json() throws -> String { try ReportJSON.text(Shape(incident)) }

  private struct Shape: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let incident: IncidentLine
    let roles: Roles
    let followUps: [FollowUpShape]
    let escalations: [EscalationShape]

    init(_ state: IncidentState) {
      incident = IncidentLine(state)
      roles = Roles(
        lead: state.roles[.lead], scribe: state.roles[.scribe], communications: state.roles[.communications])
      followUps = state.followUps.map(FollowUpShape.init)
      escalations = state.escalations.map(EscalationShape.init)
    }
  }

  private struct Roles: Encodable {
    @OrNull var lead: String?
    @OrNull var scribe: String?
    @OrNull var communications: String?
  }

  private struct FollowUpShape: Encodable {
    let number: Int
    let title: String
    let owner: String
    @OrNull var due: Timestamp?
    let status: FollowUp.Status
    @OrNull var why: String?

    init(_ item: FollowUp) {
      (number, title, owner, status) = (item.number, item.title, item.owner, item.status)
      (due, why) = (item.due, item.why)
    }
  }

  private struct EscalationShape: Encodable {
    let contact: String
    let title: String
    let reach: String
    let outcome: Escalation.Outcome
    @OrNull var why: String?

    init(_ call: Escalation) {
      (contact, title, reach, outcome) = (call.contact, call.title, call.reach, call.outcome)
      why = call.why
    }
  }

  // MARK: - Text

  /// Who has which role, one line each.
  public func roles(_ options: TextOptions = TextOptions()) -> String {
    let rows = Role.allCases.map { [$0.rawValue, incident.roles[$0] ?? "nobody yet"] }
    return TextTable(rows).lines(width: options.width).joined(separator: "\n")
  }

  /// Every severity it had, since when, by whom and why.
  public func severities(_ options: TextOptions = TextOptions()) -> String {
    let rows = incident.severityHistory.map { step in
      [step.severity.rawValue, "since \(step.at.calendarDate) \(step.at.clockTime)", "\(step.why)   by \(step.actor)"]
    }
    return TextTable(rows).lines(width: options.width).joined(separator: "\n")
  }

  /// The follow-ups, one line each.
  /// - Parameter openOnly: leaves out what is done or dropped.
  public func followUps(openOnly: Bool = false, _ options: TextOptions = TextOptions()) -> String {
    let rows = incident.followUps.filter { !openOnly || $0.status == .open }.map { item -> [String] in
      let isLate = item.status == .open && item.due.map { due in options.now.map { $0 > due } ?? false } ?? false
      let due = item.due.map { "due \($0.calendarDate) \($0.clockTime.prefix(5))" } ?? "no date"
      let why = item.why.map { ": \($0)" } ?? ""
      return [
        "\(item.number)", isLate ? "OVERDUE" : item.status.rawValue, item.owner.isEmpty ? "no owner" : item.owner, due,
        item.title + why,
      ]
    }
    return TextTable(rows, alignedRight: [0]).lines(width: options.width, limits: [2: 20]).joined(separator: "\n")
  }
}
