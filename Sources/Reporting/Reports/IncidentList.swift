public import Engine
internal import IncidentModel

/// Incidents, one line each: `andon incident list`.
public struct IncidentList: Sendable {
  private let incidents: [IncidentLine]

  /// - Parameter incidents: in the order in which they are shown.
  public init(_ incidents: [IncidentState]) { self.incidents = incidents.map(IncidentLine.init) }

  public func json() throws -> String {
    try ReportJSON.text(Shape(schemaVersion: ReportJSON.schemaVersion, incidents: incidents))
  }

  private struct Shape: Encodable {
    let schemaVersion: Int
    let incidents: [IncidentLine]
  }

  /// As plain text, without a line break at the end. Empty without incidents.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let rows = incidents.map { incident in
      [
        incident.id.description, incident.severity.rawValue, incident.status,
        incident.opened.map { "\($0.calendarDate) \($0.clockTime)" } ?? "",
        incident.drill ? "DRILL" : incident.environment, incident.title,
      ]
    }
    return TextTable(rows, indent: 0, overflow: .cut).lines(width: options.width, limits: [4: 12]).joined(
      separator: "\n")
  }
}
