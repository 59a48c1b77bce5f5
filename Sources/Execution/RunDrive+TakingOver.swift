internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// How a run is taken up: a new owner, and an answer for every step that was left without one.
extension RunDrive {
  static func takeOver(
    _ story: RunStory, _ environment: EnvironmentFile, _ agreement: ResumeAgreement, _ workplace: Workplace
  ) throws -> RunDrive {
    var state = story.state
    let run = state.run ?? RunID(number: 0)
    if state.phase.isOver { throw RunRefusal.over(run, state.phase) }
    let secrets = try agreement.secrets(for: state, workplace.equipment.redactor)
    state.restore(params: secrets)
    state.onFailure = agreement.onFailure
    let owner = RunOwner(host: workplace.host, pid: workplace.pid, epoch: state.epoch + 1)
    let now = workplace.time.read()
    let facts =
      [Fact.runResumed(RunResumption(owner: owner))]
      + secrets.keys.filter { secrets[$0] != .absent }.sorted().map(givenAnew)
    let events = facts.map { Event(at: now, actor: workplace.actor, incident: story.incident?.id, run: run, $0) }
    try FailPoint.pass("resume.before-takeover") { JournalError.cannotWrite(workplace.journal.path, $0) }
    try workplace.journal.append(events)
    try FailPoint.pass("resume.after-takeover") { JournalError.cannotWrite(workplace.journal.path, $0) }
    for event in events {
      workplace.observer.recorded(event)
      try state.apply(event)
    }
    state.attended = workplace.operator != nil
    var drive = RunDrive(
      state: state, incident: story.incident, environment: environment.name,
      approved: Set(state.start?.approved ?? []).union(agreement.approved),
      workplace.record(of: state.playbook, told: story.entries.map(\.event) + events), workplace)
    drive.begunBy = story.begunBy
    return drive
  }

  /// Said, because it could be another one: nothing is kept of a secret that it could be compared with.
  private static func givenAnew(_ name: String) -> Fact {
    let text = "the secret param '\(name)' was given anew; it cannot be compared with the one the run began with"
    return .noted(Note(text: text, happened: nil, starred: false))
  }

  /// Finds out what became of steps whose intent is recorded and whose outcome is not: fence first, then ask the
  /// world, and never repeat by guess.
  mutating func settleInterrupted() async throws {
    for step in state.unsettled where !left {
      let record = state.record(of: step.id)
      try FailPoint.pass("resume.before-settle") { JournalError.cannotWrite(workplace.journal.path, $0) }
      if let child = child(of: step, record) {
        if let outcome = await child.goOn() {
          conclude(outcome, of: step)
        } else {
          let end = StepEnd(
            state: .failed, verification: .unverified, reason: "it had not begun; beginning again", retrying: true)
          note(.stepFinished(end), step: step.id, attempt: record.attempts)
        }
      } else {
        if step.effect != .read { workplace.observer.asksWorld(about: record.title ?? step.id.rawValue) }
        let facts = await settle(step, record, lost: Self.died)
        if try await isAccepted(facts, of: step) {
          for fact in facts { note(fact, step: step.id, attempt: record.attempts) }
        }
      }
      try FailPoint.pass("resume.before-record") { JournalError.cannotWrite(workplace.journal.path, $0) }
      try flush()
      try FailPoint.pass("resume.after-record") { JournalError.cannotWrite(workplace.journal.path, $0) }
    }
  }

  /// Where the check says that a step took effect although nobody saw it end, a person decides; without one the check
  /// does.
  private mutating func isAccepted(_ facts: [Fact], of step: Step) async throws -> Bool {
    guard let person = workplace.operator, case .stepChecked(let check)? = facts.first, check.verification == .verified
    else { return true }
    while true {
      let (scene, trouble) = (scene, trouble(with: step))
      switch await workplace.control.asking({ await person.settle(trouble, check, scene) }) {
      case .record(let facts):
        try record(facts)
        continue
      case .accept:
        note(.stepChosen(StepChoice(.accept)), step: step.id)
        return true
      case .runAgain:
        note(.stepChecked(check), step: step.id)
        note(.stepChosen(StepChoice(.retry, reason: "run again although the check passed")), step: step.id)
      case .leave: leave()
      }
      return false
    }
  }

  private static let died =
    "\(UnknownReason.noOutcome.rawValue): the process that ran it died before it recorded an outcome"

  /// A step that a person called off while it ran: found out about like one whose process died.
  mutating func settleCalledOff(_ step: Step) async {
    let record = state.record(of: step.id)
    guard record.state == .running, !Task.isCancelled else { return }
    let facts = await settle(
      step, record, lost: "\(UnknownReason.killed.rawValue): it was called off while it ran", mayWait: false)
    for fact in facts { note(fact, step: step.id, attempt: record.attempts) }
  }

  /// - Parameters:
  ///   - lost: why nobody knows how it ended.
  ///   - mayWait: whether the check has its time; otherwise it is one reading, for somebody who will not wait.
  func settle(_ step: Step, _ record: StepRecord, lost why: String, mayWait: Bool = true) async -> [Fact] {
    func ended(_ state: StepState, _ verification: Verification, _ reason: String, retrying: Bool = false) -> Fact {
      .stepFinished(StepEnd(state: state, verification: verification, reason: reason, retrying: retrying))
    }
    let lost = record.state == .unknown ? record.reason ?? why : why
    if step.effect == .read { return [ended(.failed, .unverified, "\(lost); reading again", retrying: true)] }
    let prepared: PreparedStep
    do throws(Failure) {
      prepared = try await preparer.prepare(step, attempt: record.attempts, run: run, names: names(for: step))
    } catch { return [ended(.unknown, .unverified, "\(lost); \(error.message)")] }
    guard case .request(let request) = prepared.work else { return [ended(.unknown, .unverified, lost)] }
    let fence = await workplace.equipment.performer.fence(request, mark: prepared.mark, within: .seconds(10))
    if let reason = FailPoint.reason(at: "resume.after-fence") {
      return [ended(.unknown, .unverified, "\(lost); \(reason)")]
    }
    let mayRepeat = step.idempotent || step.exactlyOnce
    guard var verify = step.verify, verify.canBeMade(with: record.act) else {
      if step.exactlyOnce { return [ended(.failed, .unverified, "\(lost); its marker decides", retrying: true)] }
      return [ended(.unknown, .unverified, lost)]
    }
    // Fenced off, a step that may be repeated needs one reading: what is not there now will not come any more.
    if mayRepeat, case .clear = fence { verify.within = .zero }
    if !mayWait { verify.within = .zero }
    let check = await performer.checks.make(
      verify, outputs: record.act?.outputs ?? [:], names: prepared.names, mark: prepared.mark)
    let checked = Fact.stepChecked(check)
    if let reason = FailPoint.reason(at: "resume.after-probe") {
      return [checked, ended(.unknown, .unverified, "\(lost); \(reason)")]
    }
    if check.verification == .verified {
      return [checked, ended(.done, .verified, "\(lost); the check shows that it took effect")]
    }
    if mayRepeat, check.verification == .failed, case .clear = fence {
      return [
        checked, ended(.failed, check.verification, "\(lost); it has not taken effect, trying again", retrying: true),
      ]
    }
    return [checked, ended(.unknown, check.verification, "\(lost); the check does not show its effect")]
  }
}

extension Check {
  /// An assertion on what the action returned needs what it returned.
  func canBeMade(with act: StepAct?) -> Bool {
    if case .assert = probe { act != nil } else { true }
  }
}
