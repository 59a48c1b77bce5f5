internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// How a process lets go of a run: finished, or parked for a person who could be asked first.
extension RunDrive {
  /// True when this process is done with the run. People are asked first, where there are any.
  mutating func conclude(_ decisions: [Decision]) async throws -> Bool {
    for case .finish(let phase, let reason) in decisions {
      if phase == .done { resolve() }
      note(.runFinished(RunEnd(phase: phase, reason: reason)))
      try flush()
      return true
    }
    for case .park(let reason) in decisions {
      if try await askWaiting() { return false }
      try park(reason)
      return true
    }
    return false
  }

  mutating func park(_ reason: String) throws {
    note(.runParked(RunParking(reason: reason)))
    try flush()
  }

  /// A playbook that takes back a kill switch ends the incident when all of it went well.
  mutating func resolve() {
    guard let incident, incident.moment(of: .resolved) == nil,
      !state.actingSteps.contains(where: \.record.overridden), let inverse = state.playbook.inverse,
      let file = try? workplace.library.find(inverse),
      PlaybookLoader(library: nil).load(path: file).playbook?.killSwitch != nil
    else { return }
    note(.milestoneReached(MilestoneMark(.resolved, reached: workplace.time.read().wall, source: "end of \(run)")))
  }

  /// True when somebody answered something.
  mutating func askWaiting() async throws -> Bool {
    guard let person = workplace.operator else { return false }
    var answered = false
    for step in state.waiting {
      guard let question = state.record(of: step.id).question else { continue }
      switch await person.answer(question, of: step) {
      case .done(let value):
        note(.stepAnswered(StepAnswer(answer: value)), step: step.id)
        for fact in await accept(value, of: step, question) { note(fact, step: step.id) }
      case .cannot(let reason):
        note(
          .stepFinished(StepEnd(state: .failed, verification: .unverified, reason: "cannot do: \(reason)")),
          step: step.id)
      case .skip(let reason): skip(step, reason, .person)
      case .leave:
        left = true
        return answered
      }
      answered = true
      try flush()
    }
    return answered
  }

  func accept(_ answer: Value, of step: Step, _ question: StepQuestion) async -> [Fact] {
    let mark = AttemptMark(run: run, step: step.id, attempt: 1, idempotencyKey: "")
    let prepared = PreparedStep(
      step: step, attempt: 1, title: question.title, mark: mark, work: .answer, preview: [], names: names(for: step))
    return await performer.accept(answer, of: prepared)
  }
}
