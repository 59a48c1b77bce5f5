import Engine
import IncidentModel
import Playbooks

/// What a step says about the incident of its run. It acts on nothing but the record.
extension RunDrive {
  mutating func record(_ about: IncidentNote, of step: Step, _ attempt: Int) {
    var end = StepEnd(state: .done, verification: .unverified, reason: "no check")
    if let reason = FailPoint.reason(at: "incident.before-note") {
      end = StepEnd(state: .failed, verification: .unverified, reason: reason)
    } else if let incident {
      switch about {
      case .title(let title): note(.incidentEdited(IncidentEdit(title: title)))
      case .milestone(let milestone) where incident.moment(of: milestone) != nil:
        end.reason = "it was reached before; the first moment stays"
      case .milestone(let milestone):
        note(
          .milestoneReached(MilestoneMark(milestone, reached: workplace.time.read().wall, source: "\(run) \(step.id)")))
      case .followUp(let title, let owner, let due):
        let begin = incident.moment(of: .detected) ?? state.start?.detected ?? workplace.time.read().wall
        note(
          .followUpRecorded(
            FollowUp(number: incident.nextFollowUp, title: title, owner: owner, due: due.map { begin + $0 })))
      }
    } else {
      end = StepEnd(state: .failed, verification: .unverified, reason: "\(run) belongs to no incident")
    }
    FailPoint.reach("incident.after-note")
    note(.stepFinished(end), step: step.id, attempt: attempt)
  }
}
