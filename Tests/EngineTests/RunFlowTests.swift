import Engine
import IncidentModel
import Playbooks
import Testing

/// Three steps that only wait: enough to see in which order and whether they run.
private func steps(_ lines: String...) -> String { "steps:\n" + lines.map { "  - \($0)\n" }.joined() }
private func wait(_ id: String, _ more: String = "") -> String {
  "{id: \(id), wait: {for: 1s}\(more.isEmpty ? "" : ", \(more)")}"
}

@Suite struct RunFlowTests {
  @Test("steps run one after the other, in the order of the file")
  func order() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b"), wait("c")))
    try run.run()
    #expect(run.started == [["a"], ["b"], ["c"]])
    #expect(run.phase == .done)
  }

  @Test("a failure ends an unattended run before the next step")
  func failureStops() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b"), wait("c")))
    try run.run { step, _ in step == "b" ? .failed : .verified }
    #expect(run.order == ["a", "b"])
    #expect(run.phase == .failed)
    #expect(run.state.record(of: "c").state == .pending)
  }

  @Test("with a person there, a failure is a question")
  func failureAsks() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b")), unattended: false)
    try run.run { _, _ in .failed }
    guard case .ask(let step)? = run.ending else { return #expect(Bool(false), "nobody was asked") }
    #expect(step.id == "a")
  }

  @Test("in a kill switch a failure is a question too, once everything else is done; what is tried again is done again")
  func killSwitchAsksLast() throws {
    let killSwitch = "kill_switch: {word: STOP}\n"
    var run = try Rehearsal(killSwitch + steps(wait("a"), wait("b"), wait("c")), unattended: false)
    try run.run { step, _ in step == "a" ? .failed : .verified }
    #expect(run.order == ["a", "b", "c"])
    guard case .ask(let step)? = run.ending else { return #expect(Bool(false), "nobody was asked") }
    #expect(step.id == "a")
    try run.record(.stepChosen(StepChoice(.retry)), "a")
    run.ending = nil
    try run.run()
    #expect(run.order == ["a", "b", "c", "a"])
    #expect(run.phase == .done)

    var alone = try Rehearsal(killSwitch + steps(wait("a"), wait("b")))
    try alone.run { _, _ in .failed }
    #expect(alone.order == ["a", "b"])
    #expect(alone.phase == .failed)
  }

  @Test("an unknown outcome stops like a failure")
  func unknownStops() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b")))
    try run.run { _, _ in .unknown }
    #expect(run.order == ["a"])
    #expect(run.phase == .failed)
  }

  @Test("on_failure: continue goes on, and the run has failed all the same")
  func continuing() throws {
    var run = try Rehearsal(steps(wait("a", "on_failure: continue"), wait("b")))
    try run.run { step, _ in step == "a" ? .failed : .verified }
    #expect(run.order == ["a", "b"])
    #expect(run.phase == .failed)
  }

  @Test("a step that is not critical neither stops nor fails the run, and leaves it degraded")
  func uncritical() throws {
    var run = try Rehearsal(steps(wait("a", "critical: false"), wait("b")))
    try run.run { step, _ in step == "a" ? .failed : .verified }
    #expect(run.order == ["a", "b"])
    #expect(run.phase == .done)
    #expect(run.state.isDegraded)
  }

  @Test("a group that is not critical covers everything in it")
  func uncriticalGroup() throws {
    var run = try Rehearsal(steps("{name: G, critical: false, parallel: [\(wait("a"))]}", wait("b")))
    try run.run { step, _ in step == "a" ? .failed : .verified }
    #expect(run.order == ["a", "b"])
    #expect(run.phase == .done)
  }

  @Test("steps side by side start together, and one failing does not stop the others")
  func parallel() throws {
    var run = try Rehearsal(steps("{name: G, parallel: [\(wait("a")), \(wait("b")), \(wait("c"))]}", wait("d")))
    try run.run { step, _ in step == "b" ? .failed : .verified }
    #expect(run.started == [["a", "b", "c"]])
    #expect(run.phase == .failed)
  }

  @Test("while something runs, the engine waits for it and starts nothing twice")
  func busy() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b")))
    guard case .start(let step, 1)? = run.state.next(busy: []).first else {
      return #expect(Bool(false), "nothing was started")
    }
    let intent = StepIntent(title: "", action: "", effect: .read, preview: [], digest: "")
    try run.record(.stepIntended(intent), step.id, attempt: 1)
    #expect(run.state.next(busy: [step.id]).isEmpty)
  }

  @Test("in a kill switch every step runs, whatever failed before it")
  func killSwitch() throws {
    var run = try Rehearsal(
      "kill_switch: {word: NOW}\n"
        + steps(
          "{name: G, parallel: [\(wait("a")), \(wait("b"))]}", wait("c"), "{id: m, manual: {ask: Do it}}", wait("d")))
    try run.run { _, _ in .failed }
    #expect(Set(run.order) == ["a", "b", "c", "m", "d"])
    #expect(run.isParked)
    #expect(run.state.hasFailed)
  }

  @Test("a manual step holds back what comes after it, and parks the run")
  func manualParks() throws {
    var run = try Rehearsal(steps(wait("a"), "{id: m, manual: {ask: Do it}}", wait("b")))
    try run.run()
    #expect(run.order == ["a", "m"])
    #expect(run.isParked)
    #expect(run.state.waiting.map(\.id) == ["m"])
  }

  @Test("a false condition skips the step with the reason")
  func conditions() throws {
    var run = try Rehearsal(
      "params: {deep: {type: bool, default: false}}\n" + steps(wait("a", "when: params.deep"), wait("b")),
      params: ["deep": .bool(false)])
    try run.run()
    #expect(run.order == ["b"])
    #expect(run.state.record(of: "a").state == .skipped)
    #expect(run.state.record(of: "a").reason?.contains("params.deep") == true)
  }

  @Test("a condition that has no value is a failure, not a guess")
  func absentCondition() throws {
    var run = try Rehearsal(steps(wait("a"), "{id: b, when: 'steps.a.row_count > 1', wait: {for: 1s}}"))
    try run.run()
    #expect(run.order == ["a"])
    #expect(run.phase == .failed)
  }

  @Test("an if takes one branch and never the other", arguments: [true, false])
  func branches(flag: Bool) throws {
    var run = try Rehearsal(
      "params: {flag: {type: bool, default: false}}\n"
        + steps("{if: {that: params.flag, then: [\(wait("yes-step"))], else: [\(wait("no-step"))]}}", wait("z")),
      params: ["flag": .bool(flag)])
    try run.run()
    #expect(run.order == [flag ? "yes-step" : "no-step", "z"])
    #expect(run.phase == .done)
  }

  @Test("an attempt that is going to be repeated does not settle the step")
  func retrying() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b")))
    try run.run { step, attempt in
      step == "a" && attempt < 3
        ? StepEnd(state: .failed, verification: .unverified, retrying: true) : .verified
    }
    #expect(run.order == ["a", "a", "a", "b"])
    #expect(run.state.record(of: "a").attempts == 3)
    #expect(run.phase == .done)
  }

  @Test("handlers follow the outcome, and `always` comes last", arguments: [true, false])
  func handlers(good: Bool) throws {
    var run = try Rehearsal(
      "handlers: {success: [\(wait("hurray"))], failure: [\(wait("alas"))], always: [\(wait("sweep"))]}\n"
        + steps(wait("a")))
    try run.run { step, _ in step == "a" && !good ? .failed : .verified }
    #expect(run.order == ["a", good ? "hurray" : "alas", "sweep"])
    #expect(run.phase == (good ? .done : .failed))
  }

  @Test("a clock is judged once, when the group that names it is over")
  func targets() throws {
    var run = try Rehearsal(
      "targets: {contain: 5m}\n"
        + steps("{name: G, target: contain, parallel: [\(wait("a")), \(wait("b"))]}", wait("c")))
    try run.run()
    #expect(run.state.targets.keys.sorted() == ["contain"])
    #expect(run.phase == .done)
  }

  @Test("a run of ten thousand steps is decided in time that grows with its length")
  func linear() throws {
    func time(_ count: Int) throws -> Duration {
      var run = try Rehearsal("steps:\n" + (1...count).map { "  - {id: s\($0), wait: {for: 1s}}\n" }.joined())
      let start = ContinuousClock.now
      try run.run()
      return .now - start
    }
    _ = try time(500)
    let (small, large) = (try time(2000), try time(10_000))
    // Quadratic work would be 25 times as much; a busy machine may double either figure.
    #expect(large < small * 15)
  }
}

@Suite struct FoldingTests {
  @Test("an outcome without an intent before it, or a second start, is refused")
  func illegal() throws {
    var run = try Rehearsal(steps(wait("a")))
    try run.run()
    let intent = StepIntent(title: "", action: "", effect: .read, preview: [], digest: "")
    #expect(throws: IllegalTransition.self) { try run.record(.stepIntended(intent), "a", attempt: 2) }
  }

  @Test("a person who goes on, or did it by hand, settles the step and leaves the run degraded")
  func overriding() throws {
    for choice in [StepChoice.Choice.goOn, .doneByHand, .skip] {
      var run = try Rehearsal(steps(wait("a"), wait("b")), unattended: false)
      try run.run { _, _ in .failed }
      try run.record(.stepChosen(StepChoice(choice, reason: "seen on the screen")), "a")
      #expect(
        run.state.next(busy: []).contains {
          if case .start(let s, _) = $0 { s.id == "b" } else { false }
        })
      #expect(run.state.isDegraded)
    }
  }
}

@Suite struct StepJudgementTests {
  private let failure = Failure(.sqlError, "it broke")

  private func check(_ verification: Verification, _ code: FailureCode? = nil) -> StepCheck {
    StepCheck(
      verification: verification, check: [], reading: nil, failure: code.map { Failure($0, "why") }, readings: 1,
      milliseconds: 1)
  }

  @Test("an exit code alone verifies nothing")
  func noCheck() {
    let end = StepJudgement.end(effect: .write, act: .succeeded, check: nil)
    #expect(end.state == .done)
    #expect(end.verification == .unverified)
  }

  @Test("done means verified: a check that does not pass fails the step although its action succeeded")
  func failedCheck() {
    let end = StepJudgement.end(effect: .write, act: .succeeded, check: check(.failed, .checkFailed))
    #expect(end.state == .failed)
    #expect(end.verification == .failed)
  }

  @Test("a check that could not be made does not make a step done")
  func noReading() {
    let end = StepJudgement.end(effect: .write, act: .succeeded, check: check(.unverified, .checkUnavailable))
    #expect(end.state == .failed)
    #expect(end.verification == .unverified)
  }

  @Test("a reading that says neither yes nor no leaves the step done and unverified")
  func inconclusive() {
    let end = StepJudgement.end(effect: .write, act: .succeeded, check: check(.unverified, .checkFailed))
    #expect(end.state == .done)
    #expect(end.verification == .unverified)
  }

  @Test("an unknown outcome is failed for a read, unknown for a change, and done only when the check shows it")
  func unknown() {
    let act = ActionResult.Outcome.unknown(.timedOut, failure)
    #expect(StepJudgement.end(effect: .read, act: act, check: nil).state == .failed)
    #expect(StepJudgement.end(effect: .write, act: act, check: nil).state == .unknown)
    #expect(StepJudgement.end(effect: .write, act: act, check: check(.failed)).state == .unknown)
    #expect(StepJudgement.end(effect: .write, act: act, check: check(.verified)).state == .done)
  }
}

@Suite struct HandlerTests {
  @Test("a run that waits for a person runs its waiting handlers once, and then parks")
  func waiting() throws {
    var run = try Rehearsal(
      "handlers: {waiting: [\(wait("tell"))]}\n" + steps("{id: m, manual: {ask: Do it}}", wait("z")))
    try run.run()
    #expect(run.order == ["m", "tell"])
    #expect(run.isParked)
  }

  @Test(
    "a handler's question to a person parks the run; the run ends only once it is answered", arguments: [true, false])
  func asking(good: Bool) throws {
    var run = try Rehearsal(
      "handlers: {always: [{id: m, manual: {ask: Do it}}, \(wait("sweep"))]}\n" + steps(wait("a")))
    try run.run { step, _ in step == "a" && !good ? .failed : .verified }
    #expect(run.isParked)
    #expect(run.order.contains("m"))
    try run.record(.stepFinished(.verified), "m")
    run.ending = nil
    try run.run()
    #expect(run.phase == (good ? .done : .failed))
    #expect(Set(run.order) == ["a", "m", "sweep"])
  }

  @Test("a responder's stop is followed by the cancelled handlers, not by those for a failure")
  func cancelled() throws {
    var run = try Rehearsal(
      "handlers: {failure: [\(wait("alas"))], cancelled: [\(wait("bye"))]}\n" + steps(wait("a"), wait("b")),
      unattended: false)
    try run.run { _, _ in .failed }
    try run.record(.stepChosen(StepChoice(.stop)), "a")
    run.ending = nil
    try run.run()
    #expect(run.order == ["a", "bye"])
    #expect(run.phase == .stopped)
  }
}

@Suite struct AbortTests {
  @Test("an abort ends the run at once, in a kill switch too")
  func abort() throws {
    for heading in ["", "kill_switch: {word: NOW}\n"] {
      var run = try Rehearsal(heading + steps(wait("a"), wait("b"), wait("c")), unattended: false)
      try run.record(.stepChosen(StepChoice(.stop)), "a")
      try run.record(.stepFinished(StepEnd(state: .cancelled, verification: .unverified)), "a")
      try run.run()
      #expect(run.order.isEmpty)
      #expect(run.phase == .stopped)
    }
  }

  @Test("a group whose condition has no value fails the run")
  func groupWithoutCondition() throws {
    var run = try Rehearsal(
      steps(wait("a"), "{if: {that: 'steps.a.row_count > 1', then: [\(wait("b"))]}}", wait("c")))
    try run.run()
    #expect(run.order == ["a"])
    #expect(run.phase == .failed)
  }

  @Test("a clock is not met by a group that was skipped, nor by one that failed")
  func clocksNeedWork() throws {
    for (condition, end) in [("false", StepEnd.verified), ("true", .failed)] {
      var run = try Rehearsal(
        "targets: {contain: 5m}\n"
          + steps("{name: G, target: contain, when: '\(condition)', parallel: [\(wait("a"))]}"))
      try run.run { _, _ in end }
      #expect(run.state.targets.isEmpty)
    }
  }

  @Test("a handler that fails does not turn a good run into a bad one")
  func failingHandler() throws {
    var run = try Rehearsal("handlers: {success: [\(wait("x")), \(wait("y"))]}\n" + steps(wait("a")))
    try run.run { step, _ in step == "x" ? .failed : .verified }
    #expect(run.order == ["a", "x", "y"])
    #expect(run.phase == .done)
    #expect(run.state.isDegraded)
  }

  @Test("what a person has decided is not settled again")
  func decidedUnknown() throws {
    var run = try Rehearsal(steps(wait("a"), wait("b")), unattended: false)
    try run.run { _, _ in .unknown }
    #expect(run.state.unsettled.map(\.id) == ["a"])
    try run.record(.stepChosen(StepChoice(.goOn, reason: "seen")), "a")
    #expect(run.state.unsettled.isEmpty)
  }
}
