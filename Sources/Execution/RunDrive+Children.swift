import Engine
import IncidentModel
import Playbooks

/// Steps that are runs of their own.
extension RunDrive {
  /// The run that a step is, where it is one.
  func child(of step: Step, _ record: StepRecord) -> ChildRun? {
    switch step.action {
    case .playbook(let playbook): child(playbook, params: [:], of: step.id)
    case .incident(.suggest):
      record.answer.map { child(SubPlaybook(id: $0.displayText), params: [:], of: step.id) }
    default: nil
    }
  }

  func child(_ playbook: SubPlaybook, params: [String: Value], of step: StepID) -> ChildRun {
    ChildRun(
      playbook, params: params, parent: run, step: step, scene: scene, approved: approved, workplace: workplace)
  }

  /// A run that was left open does not outlive the cancellation of this one.
  mutating func endOpenChild() async {
    guard state.cancellation != nil, openChild != nil else { return }
    let open = state.unsettled.first { child(of: $0, state.record(of: $0.id)) != nil }
    guard let step = open, let child = child(of: step, state.record(of: step.id)), let outcome = await child.goOn()
    else { return }
    (openChild, left) = (nil, false)
    conclude(outcome, of: step)
  }

  /// A run that was left open leaves its step open too, and with it this run.
  mutating func conclude(_ outcome: ChildRun.Outcome, of step: Step) {
    switch outcome {
    case .ended(let end): note(.stepFinished(end), step: step.id, attempt: state.record(of: step.id).attempts)
    case .open(let child):
      openChild = child
      left = true
    case .notBegun:
      let end = StepEnd(
        state: .failed, verification: .unverified, reason: "left before it began", retrying: true)
      note(.stepFinished(end), step: step.id, attempt: state.record(of: step.id).attempts)
      leave()
    }
  }
}
