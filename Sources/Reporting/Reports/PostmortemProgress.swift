public import IncidentModel

/// How far the report of an incident is, and how it came there: `andon postmortem status`.
public struct PostmortemProgress: Sendable {
  private let incident: IncidentID
  public let stage: PostmortemStage
  /// Where the report lies; `nil` when it is not where reports usually are.
  public let file: String?
  private let changes: [Change]

  private struct Change: Codable {
    let stage: PostmortemStage
    let at: Timestamp
    let by: String
    @OrNull var why: String?
    let entry: Int64
  }

  /// - Parameter entries: of the incident, in order.
  public init(_ incident: IncidentID, _ entries: [Entry], file: String?) {
    self.incident = incident
    self.file = file
    changes = entries.compactMap { entry in
      guard case .postmortemStatus(let status) = entry.event.fact else { return nil }
      return Change(
        stage: status.stage, at: entry.event.at, by: entry.event.actor, why: status.why, entry: entry.sequence)
    }
    stage = changes.last?.stage ?? .draft
  }

  /// Every change, one line each.
  public func history(_ options: TextOptions = TextOptions()) -> [String] {
    let rows = changes.map { change in
      [change.stage.words, "\(change.at.calendarDate) \(change.at.clockTime)", "by \(change.by)\(change.why.asReason)"]
    }
    return TextTable(rows).lines(width: options.width)
  }

  public func json() throws -> String {
    try ReportJSON.text(Shape(incident: incident, status: stage, changes: changes, file: file))
  }

  private struct Shape: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let incident: IncidentID
    let status: PostmortemStage
    let changes: [Change]
    @OrNull var file: String?
  }
}
