internal import Engine
public import IncidentModel

/// What may be told to everybody about an incident: when, how bad, how long, and how many.
///
/// Safe by what it is made of: moments, severities, counts and its own words. Nothing that anybody typed or named, and
/// nothing that a program printed, can get in; but for the title, which is handed in by whoever publishes it.
public struct PublicReport: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  @OrNull public var title: String?
  public let severity: Severity
  /// True for an exercise.
  public let drill: Bool
  public let status: Status
  /// What happened, in order, to the minute.
  public let moments: [Moment]
  /// Whole minutes, rounded; `nil` when one of the two ends is not known.
  @OrNull public var minutesToNotice: Int?
  @OrNull public var minutesToMitigate: Int?
  @OrNull public var minutesToResolve: Int?
  @OrNull public var minutesOfImpact: Int?
  public let targetsMet: Int
  public let targetsTotal: Int
  public let updatesSent: Int
  public let improvementsDone: Int
  public let improvementsOpen: Int

  public enum Status: String, Sendable, Codable { case ongoing, mitigated, resolved }

  public struct Moment: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable {
      case started, detected, acknowledged, mitigated, resolved, classified
    }

    /// Its seconds are 0.
    public let at: Timestamp
    public let kind: Kind
    /// What it was classified as.
    @OrNull public var severity: Severity?
    /// True for what people estimated afterwards.
    public let estimated: Bool
  }

  /// - Parameter title: in the words of whoever publishes it; the recorded one may name something.
  public init(_ postmortem: Postmortem, title: String? = nil) {
    let incident = postmortem.incident
    let milestones = incident.milestones
    schemaVersion = ReportJSON.schemaVersion
    severity = incident.severity
    drill = incident.drill
    status =
      milestones.resolved != nil || milestones.closed != nil
      ? .resolved : milestones.mitigated != nil ? .mitigated : .ongoing
    func reached(_ kind: Moment.Kind, _ at: Timestamp?) -> [Moment] {
      at.map { [Moment($0, kind, estimated: kind == .started)] } ?? []
    }
    let told =
      reached(.started, milestones.started) + reached(.detected, milestones.detected)
      + incident.severityHistory.map { Moment($0.at, .classified, $0.severity) }
      + reached(.acknowledged, milestones.acknowledged) + reached(.mitigated, milestones.mitigated)
      + reached(.resolved, milestones.resolved)
    // In a stable order: what fell into the same minute, as it usually comes.
    moments = told.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    targetsMet = postmortem.targets.filter { $0.state == .met }.count
    targetsTotal = postmortem.targets.count
    updatesSent = postmortem.messages.filter { $0.sent != nil }.count
    improvementsDone = postmortem.actionItems.filter { $0.status == .done }.count
    improvementsOpen = postmortem.actionItems.filter { $0.status == .open }.count
    self.title = title
    minutesToNotice = Self.minutes(from: milestones.started, to: milestones.detected)
    minutesToMitigate = Self.minutes(from: milestones.detected, to: milestones.mitigated)
    minutesToResolve = Self.minutes(from: milestones.detected, to: milestones.resolved)
    minutesOfImpact = Self.minutes(from: milestones.started, to: milestones.mitigated)
  }

  private static func minutes(from begin: Timestamp?, to end: Timestamp?) -> Int? {
    guard let begin, let end, end >= begin else { return nil }
    return Int(((end - begin).wholeMilliseconds + 30_000) / 60_000)
  }

  public func json() throws -> String { try ReportJSON.text(self) }

  /// A heading and one record for each moment. Ends with CR LF.
  public var csv: String {
    CSV.text(
      [["time", "what", "severity", "estimated"]]
        + moments.map { moment in
          [
            moment.at.description, moment.kind.rawValue, moment.severity?.rawValue ?? "", String(moment.estimated),
          ]
        })
  }
}

extension PublicReport.Moment {
  fileprivate init(_ at: Timestamp, _ kind: Kind, _ severity: Severity? = nil, estimated: Bool = false) {
    let minute = Int64(60_000)
    self.at = Timestamp(milliseconds: at.milliseconds - (at.milliseconds % minute + minute) % minute)
    self.kind = kind
    self.estimated = estimated
    self.severity = severity
  }
}
