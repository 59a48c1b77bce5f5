internal import Engine
internal import IncidentModel

/// What is left to do after an incident: its report, and what people resolved to do.
struct IncidentDuties {
  let incident: IncidentState
  let reports: ReportDuty

  var items: [DueItem] { [postmortem].compactMap { $0 } + followUps }

  private var begin: Timestamp? { incident.moment(of: .detected) ?? incident.openedAt }

  /// Of a drill nobody has to write one.
  private var postmortem: DueItem? {
    guard !incident.drill, incident.moment(of: .closed) == nil, !reports.isWritten(incident.id), let begin,
      let window = reports.window(incident.severity)
    else { return nil }
    return item(
      .postmortem, "postmortem of \(incident.id): \(incident.title)", due: begin + window,
      command: "andon postmortem create \(incident.id)", uid: "postmortem-\(incident.id)")
  }

  private var followUps: [DueItem] {
    incident.followUps.filter { $0.status == .open }.map { followUp in
      let owner = followUp.owner.isEmpty ? "nobody has it" : followUp.owner
      return item(
        .followUp, "follow-up \(followUp.number) of \(incident.id): \(followUp.title) (\(owner))", due: followUp.due,
        command: "andon incident followup done \(incident.id) \(followUp.number)",
        uid: "follow-up-\(incident.id)-\(followUp.number)")
    }
  }

  /// Incidents are counted from 1 in every journal: the moment of opening tells them apart.
  private func item(_ kind: DueItem.Kind, _ what: String, due: Timestamp?, command: String, uid: String) -> DueItem {
    DueItem(
      kind: kind, subject: incident.id.description, what: what, last: nil, due: due, isDay: false,
      isOverdueFromTheStart: false, command: command, rhythm: nil, stamp: begin ?? Timestamp(milliseconds: 0),
      uid: "\(uid)-\(incident.openedAt?.milliseconds ?? 0)@andon")
  }
}
