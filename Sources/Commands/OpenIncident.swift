internal import Engine
internal import IncidentModel
internal import Journaling

/// The incident that a command means.
struct OpenIncident {
  let reader: JournalReader

  private func all() throws -> [IncidentState] {
    IncidentState.all(
      in: try reader.lifecycle([.incidentOpened, .incidentEdited, .severityChanged, .milestoneReached]).map(\.event))
  }

  /// The one with this id, which has to be there.
  func named(_ id: IncidentID) throws -> IncidentState {
    if let incident = try all().first(where: { $0.id == id }) { return incident }
    throw CommandFailure(.usage, "there is no \(id) in this journal", advice: "andon history lists what there is.")
  }

  /// The one with this id; without an id the only one that is open.
  func chosen(_ id: IncidentID?) throws -> IncidentID {
    if let id { return try named(id).id }
    let open = try all().filter { $0.status != "closed" }
    switch open.count {
    case 1: return open[0].id
    case 0: throw CommandFailure(.usage, "no incident is open", advice: "Name one: andon history lists them.")
    default:
      throw CommandFailure(
        .usage, "which incident? Open are: \(open.map(\.id.description).joined(separator: ", "))",
        advice: "Put its id first.")
    }
  }
}
