internal import Engine
internal import IncidentModel
internal import Journaling

/// The incident that a command means.
struct OpenIncident {
  let reader: JournalReader

  private func states(of incidents: [IncidentID]) throws -> [IncidentState] {
    let kinds: Set<Fact.Kind> = [.incidentOpened, .incidentEdited, .severityChanged, .milestoneReached]
    return IncidentState.all(in: try reader.lifecycle(kinds, of: incidents).map(\.event))
  }

  /// The one with this id, which has to be there.
  func named(_ id: IncidentID) throws -> IncidentState {
    if let incident = try states(of: [id]).first { return incident }
    throw CommandFailure(.usage, "there is no \(id) in this journal", advice: "andon history lists what there is.")
  }

  /// The one with this id; without an id the only one that is open.
  func chosen(_ id: IncidentID?) throws -> IncidentID {
    if let id { return try named(id).id }
    let open = try reader.openIncidents()
    switch open.count {
    case 1: return open[0]
    case 0: throw CommandFailure(.usage, "no incident is open", advice: "Name one: andon history lists them.")
    default:
      throw CommandFailure(
        .usage, "which incident? Open are: \(open.map(\.description).joined(separator: ", "))",
        advice: "Put its id first.")
    }
  }
}
