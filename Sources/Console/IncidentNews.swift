import IncidentModel

/// What people record about an incident, as one line of the transcript.
enum IncidentNews {
  static func line(of event: Event) -> String? {
    switch event.fact {
    case .noted(let note): "note     \(note.text.onOneLine.visible) (\(event.actor.visible))"
    case .severityChanged(let change):
      "severity \(change.from.rawValue) to \(change.to.rawValue): \(change.why.onOneLine.visible)"
    case .incidentEdited(let edit): "title    \(edit.title.onOneLine.visible)"
    case .roleAssigned(let role):
      "role     \(role.role.rawValue): \(role.person.isEmpty ? "nobody" : role.person.visible)"
    case .escalated(let call):
      "called   \(call.title.visible)\(call.reach.isEmpty ? "" : " \(call.reach.visible)"): \(call.outcome.words)"
    case .followUpRecorded(let item):
      "to do    \(item.number). \(item.title.onOneLine.visible)"
        + (item.owner.isEmpty ? "" : " (\(item.owner.visible))") + (item.due.map { ", due \($0)" } ?? "")
        + (item.status == .open ? "" : ": \(item.status.rawValue)")
    case .milestoneReached(let mark) where mark.milestone != .detected && mark.milestone != .acknowledged:
      "reached  \(mark.milestone.rawValue.uppercased()) at \(mark.reached.clockTime) UTC"
    case .runHandedOver(let handover):
      "handed   to \(handover.person.visible)" + (handover.why.map { ": \($0.onOneLine.visible)" } ?? "")
    case .cancellationAsked(let wish):
      "cancel   asked by \(event.actor.visible)" + (wish.why.map { ": \($0.onOneLine.visible)" } ?? "")
    case .monitorBreached(let breach):
      "monitor  \(breach.monitor) \(breach.reminder ? "is still breached" : "BREACHED"): \(breach.reading.onOneLine.visible)"
    case .monitorRecovered(let recovery):
      "monitor  \(recovery.monitor) recovered: \(recovery.reading.onOneLine.visible)"
    case .monitorBlind(let blindness): "monitor  \(blindness.monitor) sees nothing: \(blindness.why.onOneLine.visible)"
    case .playbookFiring(let firing):
      "armed    \(firing.playbook) \(firing.stage.words) for \(firing.monitor)"
        + (firing.why.map { ": \($0.onOneLine.visible)" } ?? "")
    default: nil
    }
  }
}

extension PlaybookFiring.Stage {
  /// As a sentence says it.
  var words: String {
    switch self {
    case .announced: "is about to start"
    case .started: "starts"
    case .calledOff: "does not start"
    }
  }
}

extension Escalation.Outcome {
  /// As a sentence says it.
  var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}
