public import IncidentModel
public import Playbooks

/// A run as far as the journal tells it: folds recorded events, and says what comes next.
///
/// A value: no clock, no disk, no network. Time arrives inside events. The states and their names are drawn in
/// `docs/run-states.md`.
public struct RunState: Sendable {
  public let playbook: Playbook
  public private(set) var phase = RunPhase.running
  public private(set) var reason: String?
  /// `nil` until the run has started.
  public private(set) var start: RunStart?
  public private(set) var run: RunID?
  public private(set) var incident: IncidentID?
  public private(set) var epoch = 1
  public private(set) var begun: ClockReading?
  public private(set) var ended: ClockReading?
  public private(set) var targets: [String: TargetJudgement] = [:]

  /// Who is to take the run up, once it was handed over and until somebody does.
  public private(set) var handover: RunHandover?
  /// The journal could not take the run's record for a while. It bears the mark for ever.
  public private(set) var degradation: RunDegradation?
  /// Somebody asked for the run to end.
  public private(set) var cancellation: RunCancellation?

  /// Steps of the flow and of all handlers, groups and what is in them, in the order of the file; then the steps that
  /// take others back.
  public let allSteps: [Step]
  /// What each `undo` step takes back.
  private let takesBack: [StepID: StepID]
  private let places: [StepID: Int]
  private var records: [StepRecord]
  private var judged: Set<StepID> = []
  /// A person ended the run at some step.
  private var aborted = false
  /// Steps that are `critical: false`, or stand in a group that is, or in a handler.
  private let uncounted: Set<StepID>

  private var values: [String: Value] = [:]
  private var variables: [String: Value] = [:]

  /// How many steps at the start of the flow need not be looked at again: keeps a long run linear.
  private var settledPrefix = 0

  public init(playbook: Playbook) {
    self.playbook = playbook
    let flow = Self.flatten(playbook.steps.followed(by: playbook.handlers.all))
    let undoing = flow.compactMap { step in step.undoStep.map { (undo: $0, of: step.id) } }
    allSteps = flow.followed(by: undoing.map(\.undo))
    takesBack = Dictionary(undoing.map { ($0.undo.id, $0.of) }, uniquingKeysWith: { first, _ in first })
    places = Dictionary(allSteps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    records = Array(repeating: StepRecord(), count: allSteps.count)
    uncounted = Set(
      playbook.steps.flatMap { Self.uncounted(in: $0, counts: true) }
        + playbook.handlers.all.flatMap { Self.uncounted(in: $0, counts: false) } + undoing.map(\.undo.id))
  }

  /// Where nothing stands inside anything, the same array and no copy: thousands of steps take room.
  private static func flatten(_ steps: [Step]) -> [Step] {
    steps.contains(where: \.isGroup) ? steps.flatMap { [$0] + flatten($0.children) } : steps
  }

  private static func uncounted(in step: Step, counts: Bool) -> [StepID] {
    let counts = counts && step.critical
    return (counts ? [] : [step.id]) + step.children.flatMap { uncounted(in: $0, counts: counts) }
  }

  /// Whether a failure of this step fails the run.
  public func counts(_ step: Step) -> Bool { !uncounted.contains(step.id) }

  public func record(of step: StepID) -> StepRecord { places[step].map { records[$0] } ?? StepRecord() }

  /// Every step that acts, with its record, in the order of the file; of the steps that take others back those that
  /// were begun.
  public var actingSteps: some Sequence<(step: Step, record: StepRecord)> {
    zip(allSteps, records).lazy
      .filter { [takesBack] in !$0.0.isGroup && ($0.1.state != .pending || takesBack[$0.0.id] == nil) }
      .map { (step: $0.0, record: $0.1) }
  }

  /// Done steps that their `undo` could take back, the last one first.
  public var reversible: [Step] {
    actingSteps.filter { $0.step.undo != nil && $0.record.mayHaveTakenEffect && !$0.record.rolledBack }
      .map(\.step).reversed()
  }

  /// Whether somebody is there to ask. Follows the start of the run, until another process takes it over.
  public var attended: Bool?

  /// True when a failure is not a question: the run began unattended, and nobody has joined it since.
  public var isUnattended: Bool { attended != true && start?.unattended ?? true }

  /// What the caller wants after a failure, where a step does not say: `--on-failure`.
  public var onFailure: FailurePolicy?

  /// Puts the true values of parameters where the journal, for good reason, only says `(hidden)`.
  public mutating func restore(params: [String: Value]) { start?.params.merge(params) { _, new in new } }

  /// Steps that a process taking the run up has to ask the world about: interrupted ones, and those whose outcome
  /// was left unknown.
  public var unsettled: [Step] {
    zip(allSteps, records).filter {
      ($0.1.state == .running || $0.1.state == .unknown) && !$0.1.overridden && !$0.0.isGroup
    }.map(\.0)
  }

  /// Steps that wait for a person.
  public var waiting: [Step] { zip(allSteps, records).filter { $0.1.state == .waiting }.map(\.0) }

  /// True when a step whose failure counts did not come to a good end.
  public var hasFailed: Bool {
    zip(allSteps, records).contains { counts($0) && $1.isBad }
  }

  /// True when a person went over a step, or one whose failure does not count did not come to a good end, or when the
  /// journal could not take its record for a while.
  public var isDegraded: Bool {
    degradation != nil
      || zip(allSteps, records).contains {
        $1.overridden || $1.rolledBack || (!counts($0) && $1.isBad)
      }
  }
}

extension [Step] {
  /// The same array when nothing follows.
  fileprivate func followed(by others: [Step]) -> [Step] { others.isEmpty ? self : self + others }
}

// MARK: - Folding

extension RunState {
  /// Folds in one recorded event of this run; `sequence` is its place in the journal.
  public mutating func apply(_ event: Event, sequence: Int64? = nil) throws(IllegalTransition) {
    switch event.fact {
    case .runStarted(let started):
      guard start == nil else { throw Self.illegal(event, "the run has started before") }
      (start, run, incident, begun) = (started, event.run, event.incident, event.reading)
      epoch = started.owner.epoch
    case .runResumed(let resumption):
      guard !phase.isOver else { throw Self.illegal(event, "the run is over") }
      phase = .running
      handover = nil
      epoch = resumption.owner.epoch
    case .runParked(let parking): (phase, reason) = (.waiting, parking.reason)
    case .runFinished(let end): (phase, reason, ended) = (end.phase, end.reason, event.reading)
    case .runHandedOver(let change): handover = change
    case .runDegraded(let mark): degradation = degradation ?? mark
    case .cancellationAsked(let wish): cancellation = wish
    case .targetJudged(let judgement):
      targets[judgement.target] = judgement
      if let step = event.step { judged.insert(step) }
    default:
      guard let step = event.step, let place = places[step] else { return }
      try Self.apply(event, to: &records[place])
      if case .stepChosen(let choice) = event.fact, choice.choice == .rollBack,
        let undo = allSteps[place].undoStep, let other = places[undo.id]
      {
        records[other] = records[other].begunAgain
      }
      if case .stepChosen(let choice) = event.fact, choice.choice == .stop { aborted = true }
      if let sequence { records[place].entries.append(sequence) }
      values[step.rawValue] = records[place].value
      variables.merge(records[place].registered) { _, new in new }
    }
  }

  /// Static, so that the record is changed in place: as a method it would copy all of them for every event.
  private static func apply(_ event: Event, to record: inout StepRecord) throws(IllegalTransition) {
    switch event.fact {
    case .stepIntended(let intent):
      guard record.state == .pending || record.state == .waiting || record.state == .running else {
        throw illegal(event, "it is \(record.state.rawValue) already")
      }
      record.state = .running
      record.attempts = event.attempt ?? record.attempts + 1
      record.title = intent.title
      record.effect = intent.effect
      record.preview = intent.preview
      record.started = record.started ?? event.at
      // What an earlier attempt returned is no evidence for this one.
      record.act = nil
      record.check = nil
    case .stepActed(let act): record.act = act
    case .stepChecked(let check): record.check = check
    case .stepFinished(let end):
      record.state = end.retrying ? .pending : end.state
      record.verification = end.verification
      record.reason = end.reason
      record.title = record.title ?? end.title
      record.registered.merge(end.registered) { _, new in new }
      record.ended = event.at
    case .stepSkipped(let skip):
      record.state = .skipped
      record.title = skip.title
      record.reason = skip.reason
      record.skipCause = skip.cause
      record.overridden = skip.cause != .condition
      record.ended = event.at
    case .stepAsked(let question):
      record.state = .waiting
      record.title = question.title
      record.question = question
      record.started = record.started ?? event.at
    case .stepAnswered(let answer): record.answer = answer.answer
    case .stepChosen(let choice): apply(choice, at: event.at, to: &record)
    case .branchTaken(let choice): record.branch = choice.taken
    case .stepSampled(let sample): record.samples = (record.samples + [sample]).suffix(StepRecord.keptSamples)
    case .stepRolledBack: record.rolledBack = true
    default: break
    }
  }

  private static func apply(_ choice: StepChoice, at moment: Timestamp, to record: inout StepRecord) {
    switch choice.choice {
    case .retry:
      record.state = .pending
      record.samples = []
    // What comes of these is recorded by itself.
    case .check, .accept, .rollBack: return
    case .skip:
      record.state = .skipped
      record.skipCause = .person
      record.overridden = true
    case .doneByHand:
      record.state = .done
      record.verification = .unverified
      record.overridden = true
    case .goOn:
      record.overridden = true
      record.reason = [record.reason, choice.reason.map { "gone over: \($0)" }].compactMap { $0 }.joined(
        separator: "; ")
      record.ended = moment
      return
    case .stop: break
    }
    record.reason = choice.reason ?? record.reason
    record.ended = moment
  }

  private static func illegal(_ event: Event, _ why: String) -> IllegalTransition {
    IllegalTransition(event: event.fact.kind, step: event.step, why: why)
  }
}

// MARK: - Previewing

extension RunState {
  /// As if the run had started, for a dry run: nothing of it is ever recorded.
  public mutating func preview(
    _ params: [String: Value], _ prerequisites: [String: Bool], _ environment: String, at now: ClockReading
  ) {
    start = RunStart(
      playbook: playbook.id, name: playbook.name, digest: playbook.source.digest, environment: environment,
      production: false, drill: false, unattended: true, params: params, prerequisites: prerequisites,
      detected: now.wall, owner: RunOwner(host: "", pid: 0, epoch: 1))
  }

  /// Outputs of a `read` step that a dry run did make.
  public mutating func preview(_ outputs: [String: Value], of step: StepID) { values[step.rawValue] = .map(outputs) }
}

// MARK: - Names

extension RunState {
  /// What expressions and templates can name at this moment.
  public var names: Names { names(ofSteps: nil) }

  /// The same with the outputs of some steps only; `nil`: of all. While somebody holds those of all, each event that is
  /// folded in copies them, and the steps of a long run cost the more the further it is.
  public func names(ofSteps named: Set<String>?) -> Names {
    let outputs =
      if let named {
        Dictionary(uniqueKeysWithValues: named.compactMap { name in values[name].map { (name, $0) } })
      } else { values }
    return Names([
      "params": .map(start?.params ?? [:]),
      "prerequisites": .map((start?.prerequisites ?? [:]).mapValues(Value.bool)),
      "vars": .map(variables),
      "steps": .map(outputs),
      "run": .map([
        "id": run.map { .text($0.description) } ?? .absent, "playbook": .text(playbook.id),
        "environment": .text(start?.environment ?? ""), "drill": .bool(start?.drill ?? false),
      ]),
      "connections": .map([:]),
    ])
  }
}

// MARK: - Deciding

extension RunState {
  private enum Progress {
    case open
    case closed
    /// Closed, and nothing after it in the same sequence may start.
    case stopped
  }

  /// What comes next, given that the steps in `busy` are in somebody's hands. Empty while those must end first.
  public mutating func next(busy: Set<StepID>) -> [Decision] {
    guard start != nil, !phase.isOver else { return [] }
    let names = names
    var decisions: [Decision] = []
    // A responder who aborts is obeyed everywhere, in a kill switch too.
    let isEnded = aborted || cancellation != nil
    let flow = isEnded ? .stopped : advanceFlow(names, &decisions)
    if !decisions.isEmpty || !busy.isEmpty { return decisions }
    if !isEnded, let failed = allSteps.first(where: { record(of: $0.id).isBad && isAskedLast($0) }) {
      return [.ask(failed)]
    }
    if case .open = flow {
      _ = walk(playbook.handlers.waiting, names, &decisions, stopping: false)
      return decisions.isEmpty ? [.park(reason: parkingReason)] : decisions
    }
    let outcome: RunPhase = cancellation != nil ? .cancelled : aborted ? .stopped : hasFailed ? .failed : .done
    for handlers in [handlers(after: outcome), playbook.handlers.always] {
      _ = walk(handlers, names, &decisions, stopping: false)
      if !decisions.isEmpty { return decisions }
    }
    if !waiting.isEmpty, !isEnded { return [.park(reason: parkingReason)] }
    return [.finish(outcome, reason: cancellation?.why ?? firstFailure)]
  }

  private func handlers(after outcome: RunPhase) -> [Step] {
    switch outcome {
    case .done: playbook.handlers.success
    case .stopped, .cancelled: playbook.handlers.cancelled
    default: playbook.handlers.failure
    }
  }

  private var parkingReason: String {
    let titles = waiting.map { record(of: $0.id).title ?? $0.id.rawValue }
    return titles.isEmpty ? "left open" : "waiting for a person: \(titles.joined(separator: "; "))"
  }

  private var firstFailure: String? {
    zip(allSteps, records).first { counts($0) && $1.isBad }
      .map { "step '\($0.id)' \($1.state.rawValue)\($1.reason.map { ": \($0)" } ?? "")" }
  }

  /// In a kill switch, whatever fails or waits, everything after it still runs.
  private var neverStops: Bool { playbook.killSwitch != nil }

  private mutating func advanceFlow(_ names: Names, _ decisions: inout [Decision]) -> Progress {
    let steps = playbook.steps
    while settledPrefix < steps.count, isSettled(steps[settledPrefix]) { settledPrefix += 1 }
    return walk(steps[settledPrefix...], names, &decisions, stopping: !neverStops)
  }

  /// True when the step can have no more decisions.
  private func isSettled(_ step: Step) -> Bool {
    if let target = step.target, targets[target] == nil { return false }
    let record = record(of: step.id)
    switch (record.state, step.action) {
    case (.done, _), (.skipped, _), (.cancelled, _): return true
    case (.failed, _), (.unknown, _): return record.overridden || policy(for: step) == .continue && !isAskedLast(step)
    case (.pending, .parallel(let children)): return children.allSatisfy(isSettled)
    case (.pending, .branch(_, let then, let otherwise)):
      return record.branch.map { ($0 ? then : otherwise).allSatisfy(isSettled) } ?? false
    default: return false
    }
  }

  /// True when nothing inside runs or could be started: it only waits for people.
  private func isParkedOnly(_ step: Step) -> Bool {
    if step.isGroup { return step.children.allSatisfy(isParkedOnly) }
    let state = record(of: step.id).state
    return state == .waiting || state.isSettled
  }

  /// - Parameter stopping: false where every step runs whatever came of those before it.
  private func walk(
    _ steps: some Sequence<Step>, _ names: Names, _ decisions: inout [Decision], stopping: Bool
  ) -> Progress {
    var progress = Progress.closed
    for step in steps {
      switch walk(step, names, &decisions) {
      case .closed: continue
      case .stopped: if stopping { return .stopped }
      case .open:
        progress = .open
        if stopping || !isParkedOnly(step) { return .open }
      }
    }
    return progress
  }

  private func walk(_ step: Step, _ names: Names, _ decisions: inout [Decision]) -> Progress {
    let record = record(of: step.id)
    switch record.state {
    case .done, .skipped, .cancelled:
      judge(step, &decisions)
      return .closed
    case .failed, .unknown:
      judge(step, &decisions)
      return afterFailure(of: step, record, &decisions)
    case .running, .waiting: return .open
    case .pending: return begin(step, record, names, &decisions)
    }
  }

  private func begin(
    _ step: Step, _ record: StepRecord, _ names: Names, _ decisions: inout [Decision]
  ) -> Progress {
    if isUntouched(step), let condition = step.when {
      do {
        if try !condition.holds(in: names) {
          decisions.append(.skip(step, reason: "\(condition.source) is false"))
          return .open
        }
      } catch {
        decisions.append(.refuse(step, reason: error.message))
        return .open
      }
    }
    switch step.action {
    case .parallel(let children):
      let results = children.map { walk($0, names, &decisions) }
      if results.contains(.open) { return .open }
      judge(step, &decisions)
      return results.contains(.stopped) ? .stopped : .closed
    case .branch(let condition, let then, let otherwise):
      guard let taken = record.branch else {
        do { decisions.append(.choose(step, taken: try condition.holds(in: names))) } catch {
          decisions.append(.refuse(step, reason: error.message))
        }
        return .open
      }
      let progress = walk(taken ? then : otherwise, names, &decisions, stopping: !neverStops)
      if progress != .open { judge(step, &decisions) }
      return progress
    default:
      decisions.append(.start(step, attempt: record.attempts + 1))
      return .open
    }
  }

  private func policy(for step: Step) -> FailurePolicy {
    if let policy = step.onFailure { return policy == .ask && isUnattended ? .stop : policy }
    if neverStops || !counts(step) { return .continue }
    if let onFailure { return onFailure == .ask && isUnattended ? .stop : onFailure }
    return isUnattended ? .stop : .ask
  }

  /// Whether a failure of this step is a question once everything else of a kill switch is done: nothing waits for the
  /// answer.
  private func isAskedLast(_ step: Step) -> Bool {
    neverStops && !isUnattended && counts(step) && !step.isGroup && (step.onFailure ?? onFailure ?? .ask) == .ask
  }

  private func afterFailure(of step: Step, _ record: StepRecord, _ decisions: inout [Decision]) -> Progress {
    if record.overridden { return .closed }
    switch policy(for: step) {
    case .continue: return .closed
    case .stop: return .stopped
    case .ask:
      decisions.append(.ask(step))
      return .open
    }
  }

  /// True while nothing of it, or of what is in it, has been decided: then its condition still counts.
  private func isUntouched(_ step: Step) -> Bool {
    let record = record(of: step.id)
    return record.state == .pending && record.branch == nil && record.attempts == 0
      && step.children.allSatisfy(isUntouched)
  }

  /// It went wrong, or its check says that it did, whatever a person says.
  private func isDoubtful(_ step: Step) -> Bool {
    if step.isGroup { return step.children.contains(where: isDoubtful) }
    let record = record(of: step.id)
    return record.isBad || record.state == .done && record.check?.verification == .failed
  }

  private func isDoneAtAll(_ step: Step) -> Bool {
    step.isGroup ? step.children.contains(where: isDoneAtAll) : record(of: step.id).state == .done
  }

  private func judge(_ step: Step, _ decisions: inout [Decision]) {
    // A clock is not kept by giving up in time: while something in it went wrong, it runs on.
    guard let name = step.target, !judged.contains(step.id), targets[name] == nil, !isDoubtful(step), isDoneAtAll(step),
      let target = playbook.targets.first(where: { $0.name == name })
    else { return }
    decisions.append(.judge(target, step))
  }
}

extension Step {
  /// The step that takes this one back, where its `undo` is a step.
  public var undoStep: Step? { if case .step(let step)? = undo { step } else { nil } }
}
