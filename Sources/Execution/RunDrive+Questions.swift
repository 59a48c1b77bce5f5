import Engine
import IncidentModel
import Journaling
import Playbooks

/// What people are asked before a step and instead of one.
extension RunDrive {
  var scene: Scene {
    Scene(
      state: state, incident: incident, actor: workplace.actor, time: workplace.time, library: workplace.library,
      history: history, begunBy: begunBy)
  }

  /// Notes what a person said beside the answer, and makes it durable before they are asked again.
  mutating func record(_ facts: [Fact]) throws(JournalError) {
    for fact in facts { note(fact) }
    try flush()
  }

  /// A person goes away, unless somebody else ended the run meanwhile: then it ends.
  mutating func leave() {
    absorbWishes()
    if state.cancellation == nil { left = true }
  }

  // MARK: - Before a step

  /// True when the step may begin; otherwise what was decided instead is noted.
  mutating func isAgreed(to prepared: PreparedStep) async throws -> Bool {
    guard let person = workplace.operator else {
      left = true
      return false
    }
    try flush()
    let step = prepared.step
    let offer = StepOffer(
      step: step, intent: prepared.intent, word: word(for: step),
      now: await performer.checks.readingBefore(prepared, limit: .seconds(3)),
      note: calledOff.contains(step.id) ? "it was called off before it was over" : nil)
    while true {
      let scene = scene
      switch await workplace.control.asking({ await person.approve(offer, scene) }) {
      case .record(let facts):
        try record(facts)
        continue
      case .run: return true
      case .skip(let reason): skip(step, reason, .person)
      case .stop(let reason):
        note(.stepChosen(StepChoice(.stop, reason: reason)), step: step.id)
        note(
          .stepFinished(StepEnd(state: .cancelled, verification: .unverified, reason: "ended here: \(reason)")),
          step: step.id)
      case .leave: leave()
      }
      return false
    }
  }

  /// The word to type. A playbook without one is named.
  private func word(for step: Step) -> String? {
    guard step.effect == .destructive, !approved.contains(.destructive) else { return nil }
    return state.playbook.confirmationWord ?? state.playbook.id
  }

  // MARK: - Instead of a step

  /// True when somebody answered something.
  mutating func askWaiting() async throws -> Bool {
    guard let person = workplace.operator else { return false }
    var answered = false
    for step in state.waiting {
      guard let question = state.record(of: step.id).question else { continue }
      var isOpen = true
      while isOpen {
        let scene = scene
        isOpen = false
        switch await workplace.control.asking({ await person.answer(question, of: step, scene) }) {
        case .record(let facts):
          try record(facts)
          isOpen = true
          continue
        case .done(let answer, let facts):
          for fact in facts { note(fact) }
          note(.stepAnswered(answer), step: step.id)
          try await accept(answer, of: step, question)
        case .cannot(let reason):
          note(
            .stepFinished(StepEnd(state: .failed, verification: .unverified, reason: "cannot do: \(reason)")),
            step: step.id)
        case .skip(let reason): skip(step, reason, .person)
        case .stop(let reason):
          note(.stepChosen(StepChoice(.stop, reason: reason)), step: step.id)
          try flush()
          return true
        case .leave:
          leave()
          return answered || state.cancellation != nil
        }
        answered = true
        try flush()
      }
    }
    return answered
  }

  private mutating func accept(_ answer: StepAnswer, of step: Step, _ question: StepQuestion) async throws {
    switch step.action {
    case .incident(.classify): classify(answer)
    case .incident(.suggest) where answer.answer != .text("none"):
      return try await runSuggestion(answer.answer.displayText, step, question)
    default: break
    }
    let mark = AttemptMark(run: run, step: step.id, attempt: 1, idempotencyKey: "")
    let prepared = PreparedStep(
      step: step, attempt: 1, title: question.title, mark: mark, work: .answer, preview: [], names: names(for: step))
    let performer = performer
    let facts = await workplace.control.performing(step.id) { await performer.accept(answer.answer, of: prepared) }
    for fact in facts { note(fact, step: step.id) }
  }

  private mutating func classify(_ answer: StepAnswer) {
    guard let incident, let severity = Severity(rawValue: answer.answer.displayText), severity != incident.severity
    else { return }
    note(
      .severityChanged(
        SeverityChange(from: incident.severity, to: severity, why: answer.why ?? "set by \(workplace.actor)")))
  }

  /// The playbook that a person picked runs as part of this one.
  private mutating func runSuggestion(_ id: String, _ step: Step, _ question: StepQuestion) async throws {
    let preview = ["run playbook \(id)"]
    note(
      .stepIntended(
        StepIntent(
          title: question.title, action: step.action.keyword, effect: .write, preview: preview,
          digest: digest(of: preview))), step: step.id, attempt: state.record(of: step.id).attempts + 1)
    try flush()
    let child = child(SubPlaybook(id: id), params: [:], of: step.id)
    conclude(await child.perform(), of: step)
  }
}
