internal import Actions
internal import Engine
internal import Foundation
import IncidentModel
import Journaling
import Playbooks

/// One process driving one run: the loop between the engine, the journal and the world.
struct RunDrive {
  let run: RunID
  let workplace: Workplace
  let recorder: Recorder
  let preparer: StepPreparer
  let performer: StepPerformer
  let approved: Set<Effect>
  var state: RunState
  var incident: IncidentState?
  /// Folded in already, not yet durable. Nothing acts while this is not empty.
  var unwritten: [Event]
  var left = false
  /// Steps that were called off while they ran, to be asked about before they run again.
  var calledOff: Set<StepID> = []
  /// Steps that a person has just said to run again: that is their agreement.
  var agreedAgain: Set<StepID> = []
  /// A run of this one's that was left open.
  var openChild: RunID?
  /// By which process each step was begun that an earlier one left without an outcome.
  var begunBy: [StepID: RunOwner] = [:]
  let wishes: RunWishes
  let history: StepHistory
  /// An event that does not follow from those before it: the run cannot be driven on.
  var confusion: IllegalTransition?

  init(
    state: RunState, incident: IncidentState?, environment: String, approved: Set<Effect>, _ record: RunRecord,
    _ workplace: Workplace
  ) {
    let run = state.run ?? RunID(number: 0)
    self.run = run
    self.workplace = workplace
    self.state = state
    self.incident = incident
    self.approved = approved
    unwritten = []
    wishes = RunWishes(run: run, journal: workplace.journal, control: workplace.control)
    history =
      workplace.operator == nil
      ? .none
      : (try? StepHistory(
        of: state.playbook.id, drill: state.start?.drill ?? false, before: run, since: workplace.time.read().wall,
        reader: workplace.journal.reader))
        ?? .none
    recorder = Recorder(
      record: record, observer: workplace.observer, time: workplace.time, actor: workplace.actor,
      incident: incident?.id, run: run, epoch: state.epoch)
    preparer = StepPreparer(
      connections: workplace.equipment.connections, redactor: workplace.equipment.redactor,
      messages: MessageComposer(library: workplace.library, environment: environment),
      runKey: "\(run) \(state.startedAt?.description ?? "") \(state.start?.digest ?? "")")
    let checks = CheckMaker(
      performer: workplace.equipment.performer, connections: workplace.equipment.connections,
      redactor: workplace.equipment.redactor, time: workplace.time)
    performer = StepPerformer(
      performer: workplace.equipment.performer, checks: checks,
      outbox: Outbox(performer: workplace.equipment.performer, time: workplace.time), time: workplace.time)
  }

  // MARK: - The loop

  /// Takes the run as far as it goes.
  mutating func goOn() async throws -> RunResult {
    workplace.observer.drives(state)
    try await withThrowingTaskGroup(of: Completion.self) { group in
      var busy: Set<StepID> = []
      var launches: [PreparedStep] = []
      while true {
        absorbWishes()
        await endOpenChild()
        if let confusion { throw RunStoryError.unreadable(run, confusion.description) }
        let decisions =
          left ? [] : Task.isCancelled ? [.park(reason: "interrupted")] : nextDecisions(busy: busy)
        if decisions.isEmpty || decisions.allSatisfy(\.endsDriving) {
          // The end of a run shares its commit with what it follows from.
          if !decisions.contains(where: \.isFinish) { try flush() }
          if busy.isEmpty, launches.isEmpty {
            if left || Task.isCancelled {
              try park(left ? leavingReason : "interrupted")
              break
            }
            if try await conclude(decisions) { break } else { continue }
          }
        }
        for decision in decisions where !decision.endsDriving && !left {
          // Nobody is asked while something runs, or is about to: the answer may take its time.
          if asks(decision), !launches.isEmpty || !busy.isEmpty { break }
          if let prepared = try await carryOut(decision) {
            launches.append(prepared)
            busy.insert(prepared.step.id)
          }
        }
        if launches.isEmpty, busy.isEmpty || !decisions.contains(where: asks), !decisions.isEmpty,
          !decisions.allSatisfy(\.endsDriving)
        {
          continue
        }
        // Opening a connection changes nothing, so it need not wait until the intent is durable.
        for prepared in launches { prewarm(prepared) }
        try FailPoint.pass("drive.before-intent") { JournalError.cannotWrite(workplace.journal.path, $0) }
        try flush()
        try FailPoint.pass("drive.after-intent") { JournalError.cannotWrite(workplace.journal.path, $0) }
        launches = try keepingEmergencies(launches, busy: &busy)
        let next = try await nextCompletion(launches, busy: busy, in: &group)
        launches = []
        guard let completion = next else { continue }
        try FailPoint.pass("drive.before-outcome") { JournalError.cannotWrite(workplace.journal.path, $0) }
        busy.remove(completion.step.id)
        fold(completion)
        try FailPoint.pass("drive.after-outcome") { JournalError.cannotWrite(workplace.journal.path, $0) }
        if calledOff.contains(completion.step.id) { await settleCalledOff(completion.step) }
      }
    }
    return RunResult(run: run, incident: incident?.id, state: state, spooled: recorder.record.spooled)
  }

  struct Completion: Sendable {
    let step: Step
    let attempt: Int
    /// Durable already.
    let written: [Event]
    let facts: [Fact]
    /// What came of a run of its own, where the step is one.
    var child: ChildRun.Outcome?
  }

  /// Begins the steps and waits for one of all that run. `nil`: none does.
  private func nextCompletion(
    _ launches: [PreparedStep], busy: Set<StepID>, in group: inout ThrowingTaskGroup<Completion, any Error>
  ) async throws -> Completion? {
    // Most steps have no other beside them. To hand one to a task of its own and to be handed its end wakes two threads.
    if launches.count == 1, busy.count == 1 { return await work(of: launches[0])() }
    for prepared in launches { group.addTask(operation: work(of: prepared)) }
    return try await group.next()
  }

  private func work(of prepared: PreparedStep) -> @Sendable () async -> Completion {
    let (recorder, performer, observer) = (recorder, performer, workplace.observer)
    let pause = prepared.attempt > 1 ? prepared.step.retry.map { $0.pause(before: prepared.attempt) } : nil
    let child: ChildRun? =
      if case .child(let child, let params) = prepared.work {
        self.child(child, params: params, of: prepared.step.id)
      } else { nil }
    let control = workplace.control
    return {
      let written = Mailbox()
      if let child {
        if let facts = await Self.calledOff(during: pause) {
          return Completion(step: prepared.step, attempt: prepared.attempt, written: [], facts: facts)
        }
        return Completion(
          step: prepared.step, attempt: prepared.attempt, written: [], facts: [], child: await child.perform())
      }
      let facts = await control.performing(prepared.step.id) {
        if let facts = await Self.calledOff(during: pause) { return facts }
        return await performer.perform(
          prepared, progress: { observer.progress(prepared.step.id, $0) },
          early: { facts in
            let events = facts.map { recorder.event($0, step: prepared.step.id, attempt: prepared.attempt) }
            // A journal that fails here fails at the next flush too, before anything else acts.
            guard (try? recorder.write(events)) != nil else { return false }
            written.add(events)
            return prepared.step.mayRunWithoutJournal || !recorder.record.isSpooling
          })
      }
      return Completion(step: prepared.step, attempt: prepared.attempt, written: written.events, facts: facts)
    }
  }

  /// Waits before another attempt; what there is to record when that was cut short.
  private static func calledOff(during pause: Duration?) async -> [Fact]? {
    guard let pause else { return nil }
    try? await Task.sleep(for: pause)
    guard Task.isCancelled else { return nil }
    return [
      .stepFinished(
        StepEnd(
          state: .failed, verification: .unverified, reason: "called off before it was tried again", retrying: true))
    ]
  }

  func prewarm(_ prepared: PreparedStep) {
    guard case .request(let request) = prepared.work else { return }
    let performer = workplace.equipment.performer
    Task { await performer.prewarm(request) }
  }

  mutating func fold(_ completion: Completion) {
    for event in completion.written { apply(event) }
    if let child = completion.child { return conclude(child, of: completion.step) }
    let wasCalledOff = workplace.control.takeCalledOff(completion.step.id)
    if wasCalledOff { calledOff.insert(completion.step.id) }
    for fact in completion.facts {
      var fact = fact
      if case .stepFinished(var end) = fact,
        mayRetry(completion, end) || ((wasCalledOff || Task.isCancelled) && wasCutShort(completion, end))
      {
        end.retrying = true
        fact = .stepFinished(end)
      }
      note(fact, step: completion.step.id, attempt: completion.attempt)
    }
  }

  /// Only `read` or `idempotent` steps are ever repeated, and only as often as their author says.
  func mayRetry(_ completion: Completion, _ end: StepEnd) -> Bool {
    guard let retry = completion.step.retry, end.state == .failed else { return false }
    return (completion.step.effect == .read || completion.step.idempotent) && completion.attempt < retry.max
      && !Task.isCancelled
  }

  /// A step that was called off and is known not to have taken effect is still to be done when the run goes on.
  func wasCutShort(_ completion: Completion, _ end: StepEnd) -> Bool {
    guard end.state == .failed else { return false }
    let neverHappened = completion.facts.contains { fact in
      if case .stepActed(let act) = fact { act.failure?.code == .cancelled } else { false }
    }
    return neverHappened || completion.step.effect == .read
  }

  // MARK: - Recording

  mutating func note(_ fact: Fact, step: StepID? = nil, attempt: Int? = nil) {
    let event = recorder.event(fact, step: step, attempt: attempt)
    apply(event)
    unwritten.append(event)
  }

  mutating func apply(_ event: Event) {
    do { try state.apply(event) } catch { confusion = confusion ?? error }
    incident?.apply(event)
  }

  mutating func flush() throws(JournalError) {
    try recorder.write(unwritten)
    unwritten = []
    if state.degradation == nil, let mark = recorder.record.mark { apply(mark) }
  }

  /// What others wrote about this run meanwhile.
  mutating func absorbWishes() {
    for wish in wishes.take() {
      apply(wish)
      workplace.observer.recorded(wish)
    }
    if state.handover != nil { left = true }
  }

  var leavingReason: String {
    if let handover = state.handover { return "handed over to \(handover.person)" }
    return openChild.map { "\($0) waits for a person" } ?? "left open"
  }

  func names(for step: Step) -> Names {
    var names = state.names(ofSteps: step.namedSteps)
    if let incident {
      names.roots["incident"] = .map([
        "id": .text(incident.id.description), "severity": .text(incident.severity.rawValue),
        "title": .text(incident.title), "environment": .text(incident.environment),
      ])
    }
    if !step.action.isAddressedToPeople { return names }
    return names.adding(MessageContext.roots(state, library: workplace.library, now: workplace.time.read().wall))
  }
}

extension Decision {
  fileprivate var isFinish: Bool { if case .finish = self { true } else { false } }

  fileprivate var endsDriving: Bool {
    switch self {
    case .park, .finish: true
    default: false
    }
  }
}

extension Failure {
  /// What failed and what to do now, on one line.
  var sentence: String { advice.map { "\(message). \($0)" } ?? message }
}

extension Step {
  /// The steps that act, in a group or the step itself.
  var leaves: [Step] { isGroup ? children.flatMap(\.leaves) : [self] }
}

extension Retry {
  /// How long to wait before attempt number `attempt`.
  func pause(before attempt: Int) -> Duration {
    var pause = every
    for _ in 2..<Swift.max(attempt, 2) { pause = .milliseconds(Int64(Double(pause.wholeMilliseconds) * backoff)) }
    return pause
  }
}
