import Actions
import IncidentModel
import Playbooks

/// A step with everything resolved, about to be recorded and then done.
struct PreparedStep: Sendable {
  enum Work: Sendable {
    case request(ActionRequest)
    case wait(Duration)
    case assert(AssertAction)
    case set([Assignment])
    case monitor(MonitorAction, length: Duration)
    /// Without an address the message is queued all the same.
    case notify(Message, to: Result<Secret, Failure>)
    case child(SubPlaybook, params: [String: Value])
    case record(IncidentNote)
    /// A person has done it.
    case answer
    /// Stood in for by nothing: shown, not run.
    case rehearsal
  }

  var step: Step
  var attempt: Int
  var title: String
  var mark: AttemptMark
  var work: Work
  /// Secrets hidden already.
  var preview: [String]
  /// The samples that were taken before, of a `monitor` step that is taken up again.
  var samples: [StepSample] = []
  /// What expressions could name when it was prepared.
  var names: Names

  var intent: StepIntent {
    StepIntent(
      title: title, action: step.action.keyword, effect: step.effect, preview: preview,
      digest: digest(of: preview))
  }
}

/// Something to be recorded about the incident.
enum IncidentNote: Sendable {
  case title(String)
  case milestone(Milestone)
  /// `due` counts from *detected*.
  case followUp(title: String, owner: String, due: Duration?)
}
