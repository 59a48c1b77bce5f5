internal import Engine
public import IncidentModel

/// An incident, for lists and headers.
public struct IncidentLine: Sendable, Hashable, Codable {
  public let id: IncidentID
  public let title: String
  public let severity: Severity
  /// `open`, `mitigated`, `resolved`, `closed`.
  public let status: String
  public let environment: String
  public let drill: Bool
  @OrNull public var opened: Timestamp?
  public let openedBy: String
  /// Why it has the severity it was opened with.
  public let why: String
  /// The last word on each.
  public let milestones: Milestones
  public let severityHistory: [SeverityLine]
  /// Who has which role now, by its name.
  public let roles: [String: String]
  public let followUps: [FollowUpLine]
  public let runs: [RunID]

  public struct Milestones: Sendable, Hashable, Codable {
    @OrNull public var started: Timestamp?
    @OrNull public var detected: Timestamp?
    @OrNull public var acknowledged: Timestamp?
    @OrNull public var mitigated: Timestamp?
    @OrNull public var resolved: Timestamp?
    @OrNull public var closed: Timestamp?
  }

  public struct SeverityLine: Sendable, Hashable, Codable {
    public let at: Timestamp
    public let by: String
    public let severity: Severity
    public let why: String
  }

  init(_ incident: IncidentState) {
    id = incident.id
    title = incident.title
    severity = incident.severity
    status = incident.status
    environment = incident.environment
    drill = incident.drill
    openedBy = incident.openedBy
    why = incident.why
    milestones = Milestones(
      started: incident.moment(of: .started), detected: incident.moment(of: .detected),
      acknowledged: incident.moment(of: .acknowledged), mitigated: incident.moment(of: .mitigated),
      resolved: incident.moment(of: .resolved), closed: incident.moment(of: .closed))
    severityHistory = incident.severityHistory.map {
      SeverityLine(at: $0.at, by: $0.actor, severity: $0.severity, why: $0.why)
    }
    roles = Dictionary(
      incident.roles.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first })
    followUps = incident.followUps.map(FollowUpLine.init)
    runs = incident.runs
    opened = incident.openedAt
  }

  /// `lead dana   scribe nobody`; empty when nobody has any.
  var roleText: String {
    if roles.isEmpty { return "" }
    return Role.allCases.map { "\($0.rawValue) \(roles[$0.rawValue] ?? "nobody")" }.joined(separator: "   ")
  }

  /// `detected 03:13:10   acknowledged 03:13:54`, as far as reached.
  var milestoneText: String {
    let moments: [(String, Timestamp?)] = [
      ("started", milestones.started), ("detected", milestones.detected), ("acknowledged", milestones.acknowledged),
      ("mitigated", milestones.mitigated), ("resolved", milestones.resolved), ("closed", milestones.closed),
    ]
    return moments.compactMap { name, moment in
      moment.map { "\(name) \(name == "started" ? "~" : "")\($0.clockTime)" }
    }.joined(separator: "   ")
  }
}
