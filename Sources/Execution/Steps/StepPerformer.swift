internal import Actions
import Engine
import IncidentModel
import Playbooks

/// Does a prepared step whose intent is durable, and says what came of it.
struct StepPerformer: Sendable {
  let performer: Performer
  let checks: CheckMaker
  let outbox: Outbox
  let time: TimeSource

  /// Facts about the step, for the journal, in order. `early` writes facts that should not wait until the
  /// end, and says whether it could.
  func perform(
    _ prepared: PreparedStep, progress: @escaping @Sendable (String) -> Void,
    early: @escaping @Sendable ([Fact]) -> Bool
  ) async -> [Fact] {
    let begin = time.read().boot
    var result: ActionResult
    /// What some actions prove by themselves.
    var proof: StepCheck?
    var delivery: [Fact] = []
    switch prepared.work {
    case .request(let request):
      result = await performer.perform(request, mark: prepared.mark, progress: progress)
      result = await insisting(on: request, prepared, result, since: begin, progress)
    case .wait(let duration): result = await wait(duration)
    case .assert(let action): (result, proof) = assertion(action, prepared)
    case .set: result = ActionResult(.succeeded)
    case .monitor(let action, let length):
      result = await Monitoring(checks: checks, time: time).watch(
        action, length: length, prepared: prepared, progress: progress
      ) { _ = early([.stepSampled($0)]) }
      proof = Self.proof(result, [prepared.preview.first ?? "watched"])
    case .notify(let message, let url): (result, delivery) = await notify(message, to: url, early)
    case .rehearsal:
      return [.stepFinished(StepEnd(state: .done, verification: .unverified, reason: StepEnd.rehearsed))]
    // A playbook is a run of its own, an answer comes in through `accept`, a note about the incident acts on nothing.
    case .child, .answer, .record: result = ActionResult(.failed(Failure(.badValue, "nothing here can do this step")))
    }
    return delivery + (await conclude(prepared, result, since: begin, proof: proof, early))
  }

  /// What a person's answer comes to: the same expectations and checks as of any other action.
  func accept(_ answer: Value, of prepared: PreparedStep) async -> [Fact] {
    let result = ActionResult(.succeeded, outputs: ["answer": answer])
    return await conclude(prepared, result, since: time.read().boot, proof: nil) { _ in false }
  }

  // MARK: - From action to outcome

  private func conclude(
    _ prepared: PreparedStep, _ result: ActionResult, since begin: Int64, proof: StepCheck?,
    _ early: @escaping @Sendable ([Fact]) -> Bool
  ) async -> [Fact] {
    var result = result
    if case .succeeded = result.outcome, let failure = expectationFailure(prepared, result.outputs) {
      result.outcome = .failed(failure)
    }
    if prepared.step.sensitive { result.outcome = result.outcome.withoutWords }
    let act = StepAct(
      result: result, milliseconds: time.read().boot - begin, outputs: recorded(result.outputs, prepared.step))
    return await check(prepared, result, act, proof, early)
  }

  /// A kill switch does not give up on a lock that somebody else holds: an idempotent step tries again until the
  /// time of its check is over.
  private func insisting(
    on request: ActionRequest, _ prepared: PreparedStep, _ first: ActionResult, since begin: Int64,
    _ progress: @escaping @Sendable (String) -> Void
  ) async -> ActionResult {
    var result = first
    guard prepared.step.idempotent, let within = prepared.step.verify?.within else { return result }
    while result.failure?.code == .lockTimeout, !Task.isCancelled,
      time.read().boot - begin < within.wholeMilliseconds
    {
      progress(result.failure?.message ?? "")
      result = await performer.perform(request, mark: prepared.mark, progress: progress)
    }
    return result
  }

  private func check(
    _ prepared: PreparedStep, _ result: ActionResult, _ act: StepAct, _ proof: StepCheck?,
    _ early: @escaping @Sendable ([Fact]) -> Bool
  ) async -> [Fact] {
    let step = prepared.step
    var facts: [Fact] = [.stepActed(act)]
    var made = proof
    var fence: FenceOutcome?
    if let verify = step.verify, result.canBeChecked(by: verify, effect: step.effect) {
      if case .unknown = result.outcome, case .request(let request) = prepared.work {
        fence = await performer.fence(request, mark: prepared.mark, within: .seconds(10))
      }
      let written = Once()
      made = await checks.make(
        verify, outputs: result.outputs, names: names(prepared, result.outputs), mark: prepared.mark
      ) {
        if early([.stepActed(act)]) { written.mark() }
      }
      if written.isMarked { facts = [] }
      // Called off before the check could say anything: whoever takes the run up makes it again.
      if Task.isCancelled, made?.verification != .verified { return facts }
    }
    if step.sensitive, made?.reading != nil { made?.reading = "(sensitive)" }
    if let made { facts.append(.stepChecked(made)) }
    var end = StepJudgement.end(effect: step.effect, act: result.outcome, check: made)
    // Nothing of it runs any more and its effect is not there: it is known not to have happened.
    if end.state == .unknown, step.idempotent, made?.verification == .failed, case .clear? = fence {
      end.state = .failed
    }
    if end.state == .done { register(prepared, result.outputs, &end) }
    return facts + [.stepFinished(end)]
  }

  /// The step's own outputs under its id too, as a check may name them.
  private func names(_ prepared: PreparedStep, _ outputs: [String: Value]) -> Names {
    var names = prepared.names
    if case .map(var steps)? = names.roots["steps"] {
      steps[prepared.step.id.rawValue] = .map(outputs)
      names.roots["steps"] = .map(steps)
    }
    return names
  }

  private func expectationFailure(_ prepared: PreparedStep, _ outputs: [String: Value]) -> Failure? {
    guard let expect = prepared.step.expect else { return nil }
    let reading = ReadingText.text(of: outputs, checks.redactor).map { "; \($0)" } ?? ""
    do {
      if try expect.holds(in: prepared.names.adding(outputs)) { return nil }
      return Failure(.expectation, "\(expect.source) is false\(reading)")
    } catch {
      return Failure(.expectation, "\(error.message)\(ReadingText.missingJSON(in: outputs))\(reading)")
    }
  }

  private func register(_ prepared: PreparedStep, _ outputs: [String: Value], _ end: inout StepEnd) {
    var assignments = prepared.step.register
    if case .set(let more) = prepared.work { assignments += more }
    for assignment in assignments {
      do {
        end.registered[assignment.name] = try assignment.expression.evaluate(in: prepared.names.adding(outputs))
      } catch {
        end.state = .failed
        end.reason = "\(assignment.name): \(error.message)"
      }
    }
  }

  /// What is kept of the outputs: nothing but sizes and hashes of a `sensitive` step.
  private func recorded(_ outputs: [String: Value], _ step: Step) -> [String: Value] {
    guard step.sensitive else { return outputs }
    let kept = outputs.filter { $0.key.hasSuffix("_bytes") || $0.key.hasSuffix("_sha256") }
    let others = outputs.keys.filter { kept[$0] == nil }.sorted()
    return kept.merging(
      others.map { name in
        let text = outputs[name]?.displayText ?? ""
        return (name, .text("(sensitive: \(text.utf8.count) bytes, sha256 \(digest(of: [text])))"))
      }
    ) { first, _ in first }
  }

  // MARK: - Steps without a request

  private func wait(_ duration: Duration) async -> ActionResult {
    do { try await Task.sleep(for: duration) } catch {
      return ActionResult(.failed(Failure(.cancelled, "the wait was cut short")))
    }
    return ActionResult(.succeeded)
  }

  private func assertion(_ action: AssertAction, _ prepared: PreparedStep) -> (ActionResult, StepCheck?) {
    var failure: Failure?
    do throws(EvaluationError) {
      if try !action.that.holds(in: prepared.names) {
        let message = try action.message?.text(in: prepared.names)
        failure = Failure(.assertion, message ?? "\(action.that.source) is false")
      }
    } catch { failure = Failure(.assertion, error.message) }
    let result = ActionResult(failure.map(ActionResult.Outcome.failed) ?? .succeeded)
    return (result, Self.proof(result, [action.that.source]))
  }

  /// The check that an action is in itself: verified when it succeeded.
  private static func proof(_ result: ActionResult, _ check: [String]) -> StepCheck? {
    guard case .succeeded = result.outcome else { return nil }
    return StepCheck(
      verification: .verified, check: check, reading: nil, failure: nil, readings: 1, milliseconds: 0)
  }

  /// The message is durable before it leaves; what cannot be delivered now stays in the outbox.
  private func notify(
    _ message: Message, to url: Result<Secret, Failure>, _ early: @escaping @Sendable ([Fact]) -> Bool
  ) async -> (ActionResult, [Fact]) {
    guard FailPoint.reason(at: "outbox.before-queue") == nil, early([.messageQueued(message)]) else {
      return (ActionResult(.failed(Failure(.cancelled, "the message could not be queued, so it was not sent"))), [])
    }
    FailPoint.reach("outbox.after-queue")
    let delivery: Fact
    switch url {
    case .success(let url): delivery = await outbox.deliver(message, to: url, within: .seconds(10))
    case .failure(let failure):
      delivery = .messageFailed(MessageFailure(id: message.id, failure: failure, final: false))
    }
    guard case .messageFailed(let failed) = delivery else { return (ActionResult(.succeeded), [delivery]) }
    var failure = failed.failure
    failure.message = "\(failure.sentence); it stays in the outbox: andon notify outbox --send"
    failure.advice = nil
    return (ActionResult(.failed(failure)), [delivery])
  }
}

extension ActionResult.Outcome {
  /// For a `sensitive` step: what failed, without the words of whoever failed, which may repeat its output.
  fileprivate var withoutWords: Self {
    func plain(_ failure: Failure) -> Failure {
      Failure(failure.code, "it failed (\(failure.code.rawValue)); its words are sensitive")
    }
    return switch self {
    case .succeeded: .succeeded
    case .failed(let failure): .failed(plain(failure))
    case .unknown(let reason, let failure): .unknown(reason, plain(failure))
    }
  }
}

extension ActionResult {
  /// Whether a check can tell anything: not after a plain failure, and not on outputs that never came.
  fileprivate func canBeChecked(by check: Check, effect: Effect) -> Bool {
    switch outcome {
    case .succeeded: true
    case .failed: false
    case .unknown: if case .assert = check.probe { false } else { effect != .read }
    }
  }
}
