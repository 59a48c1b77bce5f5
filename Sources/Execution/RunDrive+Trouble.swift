import Engine
import IncidentModel
import Journaling
import Playbooks

/// What a person can do about a step that did not go well.
extension RunDrive {
  mutating func ask(_ step: Step) async throws {
    guard let person = workplace.operator else {
      left = true
      return
    }
    try flush()
    while true {
      let (scene, trouble) = (scene, trouble(with: step))
      switch await workplace.control.asking({ await person.choose(trouble, scene) }) {
      case .record(let facts):
        try record(facts)
        continue
      case .made(let choice):
        note(.stepChosen(choice), step: step.id)
        switch choice.choice {
        case .retry where step.effect != .destructive: agreedAgain.insert(step.id)
        case .check: await checkAgain(step)
        case .doneByHand: await checkByHand(step, evidence: choice.reason ?? "")
        default: break
        }
      case .rollBack(let other): try await rollBack(other)
      case .leave: leave()
      }
      return
    }
  }

  func trouble(with step: Step) -> StepTrouble {
    StepTrouble(step: step, record: state.record(of: step.id), reversible: state.reversible)
  }

  // MARK: - The check alone

  /// Makes the check of a step without its action. `nil` when there is none that could be made now, or when it was
  /// called off.
  private func check(_ step: Step) async -> StepCheck? {
    let record = state.record(of: step.id)
    guard let verify = step.verify, verify.canBeMade(with: record.act) else { return nil }
    let mark = AttemptMark(run: run, step: step.id, attempt: max(record.attempts, 1), idempotencyKey: "")
    let (performer, names) = (performer, names(for: step))
    let facts = await workplace.control.performing(step.id) {
      [.stepChecked(await performer.checks.make(verify, outputs: record.act?.outputs ?? [:], names: names, mark: mark))]
    }
    let isCalledOff = workplace.control.takeCalledOff(step.id) || Task.isCancelled
    guard case .stepChecked(let check)? = facts.first, !isCalledOff || check.verification == .verified else {
      return nil
    }
    return check
  }

  private mutating func checkAgain(_ step: Step) async {
    let record = state.record(of: step.id)
    guard let check = await check(step) else { return }
    note(.stepChecked(check), step: step.id)
    let isThere = check.verification == .verified
    note(
      .stepFinished(
        StepEnd(
          state: isThere ? .done : record.state, verification: check.verification,
          reason: isThere ? "checked again after: \(record.reason ?? "a failure")" : check.failure?.message)),
      step: step.id)
  }

  /// A person's word is evidence; the check of the step, where there is one, is proof.
  private mutating func checkByHand(_ step: Step, evidence: String) async {
    guard let check = await check(step) else { return }
    note(.stepChecked(check), step: step.id)
    let isProved = check.verification == .verified
    let doubt = check.failure.map { "; \($0.message)" } ?? ""
    note(
      .stepFinished(
        StepEnd(
          state: .done, verification: isProved ? .verified : .unverified,
          reason: "done by hand: \(evidence)" + (isProved ? "; the check shows it" : doubt))), step: step.id)
  }

  // MARK: - Taking back

  /// Does the `undo` of a step, as any other step is done: agreed to, recorded first, checked.
  private mutating func rollBack(_ id: StepID) async throws {
    guard let step = state.reversible.first(where: { $0.id == id }), let undo = step.undo else { return }
    note(.stepChosen(StepChoice(.rollBack)), step: id)
    switch undo {
    case .playbook(let playbook): try await rollBack(step, by: playbook)
    case .step(let undo):
      guard let prepared = try await prepare(undo, state.record(of: undo.id).attempts + 1) else { return }
      try flush()
      var busy: Set<StepID> = []
      if try keepingEmergencies([prepared], busy: &busy).isEmpty { return }
      let (performer, observer) = (performer, workplace.observer)
      let facts = await workplace.control.performing(undo.id) {
        await performer.perform(prepared, progress: { observer.progress(undo.id, $0) }, early: { _ in false })
      }
      for fact in facts { note(fact, step: undo.id, attempt: prepared.attempt) }
      if state.record(of: undo.id).state == .done {
        note(.stepRolledBack(StepRollback(by: undo.id.rawValue)), step: id)
      }
    }
    try flush()
  }

  private mutating func rollBack(_ step: Step, by playbook: String) async throws {
    try flush()
    let outcome = await child(SubPlaybook(id: playbook), params: [:], of: step.id).perform()
    if case .ended(let end) = outcome, end.state == .done {
      note(.stepRolledBack(StepRollback(by: "playbook \(playbook)")), step: step.id)
    } else if case .ended(let end) = outcome {
      // The step itself stands as it was; why it could not be taken back belongs to the record all the same.
      note(
        .noted(Note(text: "not taken back: \(end.reason ?? playbook)", happened: nil, starred: false)), step: step.id)
    } else if case .notBegun = outcome {
      leave()
    } else {
      conclude(outcome, of: step)
    }
  }
}
