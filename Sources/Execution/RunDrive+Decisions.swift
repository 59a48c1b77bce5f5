internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// What the engine decides, carried out: steps prepared and agreed to, skipped, asked for, judged.
extension RunDrive {
  /// Notes what the decision says; a step to be launched comes back prepared, its intent noted.
  mutating func carryOut(_ decision: Decision) async throws -> PreparedStep? {
    switch decision {
    case .skip(let step, let reason): skip(step, reason, .condition)
    case .refuse(let step, let reason):
      note(
        .stepFinished(StepEnd(state: .failed, verification: .unverified, reason: reason, title: step.name?.source)),
        step: step.id)
    case .choose(let step, let taken):
      note(.branchTaken(BranchChoice(taken: taken)), step: step.id)
      if case .branch(_, let then, let otherwise) = step.action {
        for other in taken ? otherwise : then { skip(other, "the other branch was taken", .condition) }
      }
    case .judge(let target, let step): judge(target, step)
    case .ask(let step): try await ask(step)
    case .start(let step, let attempt):
      if step.action.isQuestion {
        await pose(step)
      } else {
        return try await prepare(step, attempt)
      }
    case .park, .finish: break
    }
    return nil
  }

  mutating func prepare(_ step: Step, _ attempt: Int) async throws -> PreparedStep? {
    let prepared: PreparedStep
    do throws(Failure) {
      prepared = try await preparer.prepare(step, attempt: attempt, run: run, names: names(for: step))
    } catch {
      note(
        .stepFinished(
          StepEnd(state: .failed, verification: .unverified, reason: error.sentence, title: step.name?.source)),
        step: step.id,
        attempt: attempt)
      return nil
    }
    if needsAgreement(step), try await !isAgreed(to: prepared) { return nil }
    calledOff.remove(step.id)
    agreedAgain.remove(step.id)
    note(.stepIntended(prepared.intent), step: step.id, attempt: attempt)
    if case .record(let about) = prepared.work {
      record(about, of: step, attempt)
      return nil
    }
    if case .notify(let message, _) = prepared.work, try wasDelivered(message) {
      note(
        .stepFinished(StepEnd(state: .done, verification: .unverified, reason: "delivered before; no check")),
        step: step.id, attempt: attempt)
      return nil
    }
    var begun = prepared
    begun.samples = state.record(of: step.id).samples
    return begun
  }

  /// Whether the message went out in an earlier life of this run, or from the outbox meanwhile.
  func wasDelivered(_ message: Message) throws(JournalError) -> Bool {
    if state.epoch == 1 { return false }
    return try workplace.journal.reader.isSent(message)
  }

  /// Changes that were not agreed to as a whole are agreed to one by one. Messages and values change nothing that
  /// anybody has to be asked for.
  func needsAgreement(_ step: Step) -> Bool {
    if agreedAgain.contains(step.id) { return false }
    if calledOff.contains(step.id) { return true }
    if step.effect == .read || approved.contains(step.effect) { return false }
    switch step.action {
    case .set, .manual, .incident: return false
    case .notify: return workplace.operator != nil
    default: return true
    }
  }

  func asks(_ decision: Decision) -> Bool {
    switch decision {
    case .ask: true
    case .start(let step, _): needsAgreement(step)
    default: false
    }
  }

  mutating func skip(_ step: Step, _ reason: String, _ cause: StepSkip.Cause) {
    let title = step.name?.source ?? step.id.rawValue
    note(.stepSkipped(StepSkip(title: title, reason: reason, cause: cause)), step: step.id)
    for child in step.children { skip(child, reason, cause) }
  }

  mutating func pose(_ step: Step) async {
    do throws(Failure) {
      note(.stepAsked(try await preparer.question(for: step, names: names(for: step))), step: step.id)
    } catch {
      note(
        .stepFinished(
          StepEnd(state: .failed, verification: .unverified, reason: error.sentence, title: step.name?.source)),
        step: step.id)
    }
  }

  mutating func judge(_ target: Target, _ step: Step) {
    let now = workplace.time.read()
    guard let elapsed = state.sinceDetected(at: now) else { return }
    let judgement = TargetJudgement(target: target.name, limit: target.limit, elapsed: elapsed)
    note(.targetJudged(judgement), step: step.id)
    let inside = step.leaves.filter { state.record(of: $0.id).state != .skipped }
    if target.name == "contain", let incident, incident.moment(of: .mitigated) == nil, !inside.isEmpty,
      inside.allSatisfy({ state.record(of: $0.id).verification == .verified })
    {
      note(.milestoneReached(MilestoneMark(.mitigated, reached: now.wall, source: "checks of \(run)")))
    }
  }
}
