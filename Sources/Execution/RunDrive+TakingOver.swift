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
    state.restore(params: try agreement.secrets(for: state, workplace.equipment.redactor))
    state.onFailure = agreement.onFailure
    let run = state.run ?? RunID(number: 0)
    if state.phase.isOver { throw RunRefusal.over(run, state.phase) }
    let owner = RunOwner(host: workplace.host, pid: workplace.pid, epoch: state.epoch + 1)
    let event = Event(
      at: workplace.time.read(), actor: workplace.actor, incident: story.incident?.id, run: run,
      .runResumed(RunResumption(owner: owner)))
    try workplace.journal.append([event])
    workplace.observer.recorded(event)
    try state.apply(event)
    state.attended = workplace.operator != nil
    return RunDrive(
      state: state, incident: story.incident, environment: environment.name,
      approved: Set(state.start?.approved ?? []).union(agreement.approved), workplace)
  }

  /// Finds out what became of steps whose intent is recorded and whose outcome is not: fence first, then ask the
  /// world, and never repeat by guess.
  mutating func settleInterrupted() async throws {
    for step in state.unsettled {
      let record = state.record(of: step.id)
      let facts = await settle(step, record)
      for fact in facts { note(fact, step: step.id, attempt: record.attempts) }
      try flush()
    }
  }

  func settle(_ step: Step, _ record: StepRecord) async -> [Fact] {
    func ended(_ state: StepState, _ verification: Verification, _ reason: String, retrying: Bool = false) -> Fact {
      .stepFinished(StepEnd(state: state, verification: verification, reason: reason, retrying: retrying))
    }
    let died = "\(UnknownReason.noOutcome.rawValue): the process that ran it died before it recorded an outcome"
    let lost = record.state == .unknown ? record.reason ?? died : died
    if step.effect == .read { return [ended(.failed, .unverified, "\(lost); reading again", retrying: true)] }
    let prepared: PreparedStep
    do throws(Failure) {
      prepared = try await preparer.prepare(step, attempt: record.attempts, run: run, names: names(for: step))
    } catch { return [ended(.unknown, .unverified, "\(lost); \(error.message)")] }
    guard case .request(let request) = prepared.work else { return [ended(.unknown, .unverified, lost)] }
    let fence = await workplace.equipment.performer.fence(request, mark: prepared.mark, within: .seconds(10))
    let mayRepeat = step.idempotent || step.exactlyOnce
    guard var verify = step.verify, verify.canBeMade(with: record.act) else {
      if step.exactlyOnce { return [ended(.failed, .unverified, "\(lost); its marker decides", retrying: true)] }
      return [ended(.unknown, .unverified, lost)]
    }
    // Fenced off, a step that may be repeated needs one reading: what is not there now will not come any more.
    if mayRepeat, case .clear = fence { verify.within = .zero }
    let check = await performer.checks.make(
      verify, outputs: record.act?.outputs ?? [:], names: prepared.names, mark: prepared.mark)
    let checked = Fact.stepChecked(check)
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
  fileprivate func canBeMade(with act: StepAct?) -> Bool {
    if case .assert = probe { act != nil } else { true }
  }
}
