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

  /// Facts about the step, for the journal, in order. `early` writes facts that should not wait until the end.
  func perform(
    _ prepared: PreparedStep, progress: @escaping @Sendable (String) -> Void,
    early: @escaping @Sendable ([Fact]) -> Void
  ) async -> [Fact] {
    switch prepared.work {
    case .request(let request): await perform(request, prepared, progress, early)
    case .wait(let duration): await wait(duration)
    case .assert(let action): assertion(action, prepared)
    case .set(let assignments): assign(assignments, prepared)
    case .monitor(let action, let length): await monitor(action, length, prepared, progress)
    case .notify(let message, let url): await notify(message, to: url, early)
    case .rehearsal:
      [.stepFinished(StepEnd(state: .done, verification: .unverified, reason: "rehearsed: shown, not run"))]
    case .child:
      [.stepFinished(StepEnd(state: .failed, verification: .unverified, reason: "a playbook step is run by its run"))]
    }
  }

  // MARK: - Requests

  private func perform(
    _ request: ActionRequest, _ prepared: PreparedStep, _ progress: @escaping @Sendable (String) -> Void,
    _ early: @escaping @Sendable ([Fact]) -> Void
  ) async -> [Fact] {
    let begin = time.read().boot
    var result = await performer.perform(request, mark: prepared.mark, progress: progress)
    result = await insisting(on: request, prepared, result, since: begin, progress)
    let elapsed = time.read().boot - begin
    if case .succeeded = result.outcome, let failure = expectationFailure(prepared, result.outputs) {
      result.outcome = .failed(failure)
    }
    let act = StepAct(result: result, milliseconds: elapsed, outputs: recorded(result.outputs, prepared.step))
    return await check(prepared, request, result, act, early)
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
    _ prepared: PreparedStep, _ request: ActionRequest, _ result: ActionResult, _ act: StepAct,
    _ early: @escaping @Sendable ([Fact]) -> Void
  ) async -> [Fact] {
    let step = prepared.step
    var facts: [Fact] = [.stepActed(act)]
    var made: StepCheck?
    if let verify = step.verify, result.mayHaveWorked(effect: step.effect) {
      if case .unknown = result.outcome {
        _ = await performer.fence(request, mark: prepared.mark, within: .seconds(10))
      }
      let written = Once()
      made = await checks.make(
        verify, outputs: result.outputs, names: names(prepared, result.outputs), mark: prepared.mark
      ) {
        written.mark()
        early([.stepActed(act)])
      }
      if written.isMarked { facts = [] }
    }
    if let made { facts.append(.stepChecked(made)) }
    var end = StepJudgement.end(effect: step.effect, act: result.outcome, check: made)
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
    let reading = ReadingText.text(of: outputs).map { "; \($0)" } ?? ""
    do {
      if try expect.holds(in: prepared.names.adding(outputs)) { return nil }
      return Failure(.expectation, "\(expect.source) is false\(reading)")
    } catch {
      return Failure(.expectation, "\(error.message)\(ReadingText.missingJSON(in: outputs))\(reading)")
    }
  }

  private func register(_ prepared: PreparedStep, _ outputs: [String: Value], _ end: inout StepEnd) {
    for assignment in prepared.step.register {
      do {
        end.registered[assignment.name] = try assignment.expression.evaluate(in: prepared.names.adding(outputs))
      } catch {
        end.state = .failed
        end.reason = "register '\(assignment.name)': \(error.message)"
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

  private func wait(_ duration: Duration) async -> [Fact] {
    do { try await Task.sleep(for: duration) } catch {
      return [.stepFinished(StepEnd(state: .failed, verification: .unverified, reason: "the wait was cut short"))]
    }
    return [.stepFinished(StepEnd(state: .done, verification: .unverified, reason: "no check"))]
  }

  private func assertion(_ action: AssertAction, _ prepared: PreparedStep) -> [Fact] {
    func failed(_ reason: String) -> [Fact] {
      [.stepFinished(StepEnd(state: .failed, verification: .failed, reason: reason))]
    }
    do throws(EvaluationError) {
      if try action.that.holds(in: prepared.names) {
        return [.stepFinished(StepEnd(state: .done, verification: .verified))]
      }
      return failed(try action.message?.text(in: prepared.names) ?? "\(action.that.source) is false")
    } catch { return failed(error.message) }
  }

  private func assign(_ assignments: [Assignment], _ prepared: PreparedStep) -> [Fact] {
    var end = StepEnd(state: .done, verification: .unverified, reason: "no check")
    for assignment in assignments {
      do { end.registered[assignment.name] = try assignment.expression.evaluate(in: prepared.names) } catch {
        end = StepEnd(state: .failed, verification: .unverified, reason: "\(assignment.name): \(error.message)")
        break
      }
    }
    return [.stepFinished(end)]
  }

  private func monitor(
    _ action: MonitorAction, _ length: Duration, _ prepared: PreparedStep,
    _ progress: @escaping @Sendable (String) -> Void
  ) async -> [Fact] {
    let monitoring = Monitoring(checks: checks, time: time)
    let (result, elapsed) = await monitoring.watch(action, length: length, prepared: prepared, progress: progress)
    let act = StepAct(result: result, milliseconds: elapsed, outputs: result.outputs)
    var end = StepJudgement.end(effect: prepared.step.effect, act: result.outcome, check: nil)
    if case .succeeded = result.outcome {
      end = StepEnd(state: .done, verification: .verified, reason: "watched for \(length.playbookText)")
    }
    return [.stepActed(act), .stepFinished(end)]
  }

  /// The message is durable before it leaves; what cannot be delivered now stays in the outbox.
  private func notify(
    _ message: Message, to url: Result<Secret, Failure>, _ early: @escaping @Sendable ([Fact]) -> Void
  ) async -> [Fact] {
    early([.messageQueued(message)])
    let delivery: Fact
    switch url {
    case .success(let url): delivery = await outbox.deliver(message, to: url, within: .seconds(10))
    case .failure(let failure):
      delivery = .messageFailed(MessageFailure(id: message.id, failure: failure, final: false))
    }
    let end =
      switch delivery {
      case .messageFailed(let failure):
        StepEnd(
          state: .failed, verification: .unverified,
          reason: "\(failure.failure.sentence); it stays in the outbox: andon notify outbox --send")
      default: StepEnd(state: .done, verification: .unverified, reason: "no check")
      }
    return [delivery, .stepFinished(end)]
  }
}

extension ActionResult {
  /// Whether a check can tell anything: not after a plain failure.
  fileprivate func mayHaveWorked(effect: Effect) -> Bool {
    switch outcome {
    case .succeeded: true
    case .failed: false
    case .unknown: effect != .read
    }
  }
}
