import Engine
import IncidentModel
import Journaling
import Playbooks

/// How a run goes on while only a spool takes its record: its emergency steps and nothing else. The others are left as
/// they are, for whoever resumes the run once the spool is in the journal.
extension RunDrive {
  /// What comes next, without the steps that wait for the journal.
  mutating func nextDecisions(busy: Set<StepID>) -> [Decision] {
    if !recorder.record.isSpooling { return state.next(busy: busy) }
    let left = leftForLater
    var pretended = state
    // Decided as if they were skipped, so that nothing waits for them. Nobody records that: they are not.
    for step in left {
      let skip = StepSkip(title: step.id.rawValue, reason: "left", cause: .condition)
      try? pretended.apply(recorder.event(.stepSkipped(skip), step: step.id))
    }
    let decisions = pretended.next(busy: busy)
    let possible = decisions.filter { isPossible($0, leaving: left) }
    if !possible.isEmpty || !busy.isEmpty { return possible }
    if left.isEmpty, !decisions.isEmpty, decisions.allSatisfy(\.isFinish) { return decisions }
    return [.park(reason: parkingReason(leaving: left))]
  }

  /// Steps that have not come to their end and may not act before the journal can be written.
  private var leftForLater: [Step] {
    state.actingSteps.filter { !$0.record.state.isSettled && $0.record.state != .running }.map(\.step).filter {
      !$0.mayRunWithoutJournal
    }
  }

  private func isPossible(_ decision: Decision, leaving left: [Step]) -> Bool {
    switch decision {
    case .start(let step, _): step.mayRunWithoutJournal
    case .skip, .refuse, .choose: true
    // A clock that includes what is left still runs.
    case .judge(_, let step): !step.leaves.contains { leaf in left.contains { $0.id == leaf.id } }
    // A person who is asked may want what only the journal allows.
    case .ask, .park, .finish: false
    }
  }

  private func parkingReason(leaving left: [Step]) -> String {
    // Read again when the spool has long been imported.
    "the journal could not be written; \(left.count == 1 ? "1 step was" : "\(left.count) steps were") left for later"
  }

  /// Those that may begin although only the spool has their intent; the others have not begun.
  mutating func keepingEmergencies(_ launches: [PreparedStep], busy: inout Set<StepID>) throws -> [PreparedStep] {
    guard recorder.record.isSpooling else { return launches }
    let refused = launches.filter { !$0.step.mayRunWithoutJournal }
    for prepared in refused {
      note(
        .stepFinished(
          StepEnd(
            state: .failed, verification: .unverified, reason: "not begun: the journal could not be written",
            retrying: true)), step: prepared.step.id, attempt: prepared.attempt)
      busy.remove(prepared.step.id)
    }
    if !refused.isEmpty { try flush() }
    return launches.filter(\.step.mayRunWithoutJournal)
  }
}

extension Decision {
  fileprivate var isFinish: Bool { if case .finish = self { true } else { false } }
}
