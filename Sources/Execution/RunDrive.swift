internal import Actions
internal import Engine
internal import Foundation
import IncidentModel
import Journaling
import Playbooks

/// One process driving one run: the loop between the engine, the journal and the world.
struct RunDrive {
  let run: RunID
  private let workplace: Workplace
  private let recorder: Recorder
  private let preparer: StepPreparer
  private let performer: StepPerformer
  private let approved: Set<Effect>
  private var state: RunState
  private var incident: IncidentState?
  /// Folded in already, not yet durable. Nothing acts while this is not empty.
  private var unwritten: [Event]
  private var left = false
  /// An event that does not follow from those before it: the run cannot be driven on.
  private var confusion: IllegalTransition?

  // MARK: - Beginning

  static func begin(_ request: RunRequest, _ workplace: Workplace, parent: RunID?) throws(RunRefusal) -> RunDrive {
    do throws(JournalError) {
      let now = workplace.time.read()
      let known = try workplace.journal.reader.playbookText(digest: request.playbook.source.digest) != nil
      var joined: IncidentState?
      if case .join(let id) = request.incident {
        var state = IncidentState(id: id)
        for entry in try workplace.journal.reader.entries(of: id) { state.apply(entry.event) }
        joined = state
      }
      // Numbers are given out under the journal's lock, so opening is a commit of its own for them alone; the
      // first intents could not name their run otherwise.
      var opening: [Event] = []
      let entries = try workplace.journal.append { numbers in
        opening = openingEvents(
          request, workplace, numbers, now, joined: joined, recordPlaybook: !known, parent: parent)
        return opening
      }
      for entry in entries { workplace.observer.recorded(entry.event) }
      return RunDrive(request, workplace, events: opening, joined: joined)
    } catch { throw .journal(error) }
  }

  private static func openingEvents(
    _ request: RunRequest, _ workplace: Workplace, _ numbers: NextNumbers, _ now: ClockReading,
    joined: IncidentState?, recordPlaybook: Bool, parent: RunID?
  ) -> [Event] {
    let playbook = request.playbook
    let detected = joined?.moment(of: .detected) ?? request.detected ?? now.wall
    var incident = joined?.id
    var events: [Event] = []
    func add(_ fact: Fact, run: RunID? = nil) {
      events.append(Event(at: now, actor: workplace.actor, incident: incident, run: run, fact))
    }
    if recordPlaybook {
      let source = playbook.source
      events.append(
        Event(
          at: now, actor: workplace.actor,
          .playbookRecorded(PlaybookRecord(playbook: playbook.id, digest: source.digest, text: source.text))))
    }
    if case .open(let title) = request.incident {
      incident = numbers.incident
      let severity = playbook.severity ?? .p3
      add(
        .incidentOpened(
          IncidentOpening(
            title: title, severity: severity, why: request.why, environment: request.environment.name,
            drill: request.drill)))
      let source = request.detected == nil ? "opening of the incident" : "--detected-at"
      add(.milestoneReached(MilestoneMark(.detected, reached: detected, source: source)))
    }
    if incident != nil, joined?.moment(of: .acknowledged) == nil {
      add(.milestoneReached(MilestoneMark(.acknowledged, reached: now.wall, source: "start of \(numbers.run)")))
    }
    let shown = Dictionary(
      uniqueKeysWithValues: request.params.map { name, value in
        (name, request.secretParams.contains(name) ? Value.text("(hidden)") : value)
      })
    add(
      .runStarted(
        RunStart(
          playbook: playbook.id, name: playbook.name, digest: playbook.source.digest,
          environment: request.environment.name, production: request.environment.production, drill: request.drill,
          unattended: request.unattended, params: shown, prerequisites: request.prerequisites, detected: detected,
          owner: RunOwner(host: workplace.host, pid: workplace.pid, epoch: 1),
          approved: Effect.allCases.filter(request.approved.contains), parent: parent)),
      run: numbers.run)
    return events
  }

  private init(_ request: RunRequest, _ workplace: Workplace, events: [Event], joined: IncidentState?) {
    var state = RunState(playbook: request.playbook)
    for event in events { try? state.apply(event) }
    state.restore(params: request.params)
    state.onFailure = request.onFailure
    var incident = joined ?? events.first { $0.fact.kind == .incidentOpened }?.incident.map(IncidentState.init)
    for event in events { incident?.apply(event) }
    self.init(
      state: state, incident: incident, environment: request.environment.name, approved: request.approved, workplace)
    for step in state.actingSteps.map(\.step) where request.leftOut.contains(step.id) {
      note(
        .stepSkipped(
          StepSkip(
            title: step.name?.source ?? step.id.rawValue, reason: "left out by --from or --only", cause: .selection)),
        step: step.id)
    }
  }

  private init(
    state: RunState, incident: IncidentState?, environment: String, approved: Set<Effect>, _ workplace: Workplace
  ) {
    let run = state.run ?? RunID(number: 0)
    self.run = run
    self.workplace = workplace
    self.state = state
    self.incident = incident
    self.approved = approved
    unwritten = []
    recorder = Recorder(
      journal: workplace.journal, observer: workplace.observer, time: workplace.time, actor: workplace.actor,
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

  // MARK: - Taking over

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

  private func settle(_ step: Step, _ record: StepRecord) async -> [Fact] {
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

  // MARK: - The loop

  /// Takes the run as far as it goes.
  mutating func goOn() async throws -> RunResult {
    try await withThrowingTaskGroup(of: Completion.self) { group in
      var busy: Set<StepID> = []
      var launches: [PreparedStep] = []
      while true {
        if let confusion { throw RunStoryError.unreadable(run, confusion.description) }
        let decisions =
          left ? [] : Task.isCancelled ? [.park(reason: "interrupted")] : state.next(busy: busy, connections: [:])
        if decisions.isEmpty || decisions.allSatisfy(\.endsDriving) {
          try flush()
          if busy.isEmpty, launches.isEmpty {
            if left || Task.isCancelled {
              try park(left ? "left open" : "interrupted")
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
        try flush()
        for prepared in launches { launch(prepared, in: &group) }
        launches = []
        guard let completion = try await group.next() else { continue }
        busy.remove(completion.step.id)
        fold(completion)
      }
    }
    return RunResult(run: run, incident: incident?.id, state: state)
  }

  private struct Completion: Sendable {
    let step: Step
    let attempt: Int
    /// Durable already.
    let written: [Event]
    let facts: [Fact]
  }

  private func launch(_ prepared: PreparedStep, in group: inout ThrowingTaskGroup<Completion, any Error>) {
    let (recorder, performer, observer) = (recorder, performer, workplace.observer)
    let pause = prepared.attempt > 1 ? prepared.step.retry.map { $0.pause(before: prepared.attempt) } : nil
    let child: ChildRun? =
      if case .child(let child, let params) = prepared.work {
        ChildRun(
          child, params: params, parent: run, incident: incident?.id, start: state.start, approved: approved,
          workplace: workplace)
      } else { nil }
    group.addTask {
      if let pause { try? await Task.sleep(for: pause) }
      if pause != nil, Task.isCancelled {
        let end = StepEnd(
          state: .failed, verification: .unverified, reason: "called off before it was tried again", retrying: true)
        return Completion(
          step: prepared.step, attempt: prepared.attempt, written: [], facts: [.stepFinished(end)])
      }
      let written = Mailbox()
      let facts =
        if let child { await child.perform() } else {
          await performer.perform(
            prepared, progress: { observer.progress(prepared.step.id, $0) },
            early: { facts in
              let events = facts.map { recorder.event($0, step: prepared.step.id, attempt: prepared.attempt) }
              // A journal that fails here fails at the next flush too, before anything else acts.
              guard (try? recorder.write(events)) != nil else { return false }
              written.add(events)
              return true
            })
        }
      return Completion(step: prepared.step, attempt: prepared.attempt, written: written.events, facts: facts)
    }
  }

  private func prewarm(_ prepared: PreparedStep) {
    guard case .request(let request) = prepared.work else { return }
    let performer = workplace.equipment.performer
    Task { await performer.prewarm(request) }
  }

  private mutating func fold(_ completion: Completion) {
    for event in completion.written { apply(event) }
    for fact in completion.facts {
      var fact = fact
      if case .stepFinished(var end) = fact, mayRetry(completion, end) || wasCutShort(completion, end) {
        end.retrying = true
        fact = .stepFinished(end)
      }
      note(fact, step: completion.step.id, attempt: completion.attempt)
    }
  }

  /// Only `read` or `idempotent` steps are ever repeated, and only as often as their author says.
  private func mayRetry(_ completion: Completion, _ end: StepEnd) -> Bool {
    guard let retry = completion.step.retry, end.state == .failed else { return false }
    return (completion.step.effect == .read || completion.step.idempotent) && completion.attempt < retry.max
      && !Task.isCancelled
  }

  /// A step that was called off and is known not to have taken effect is still to be done when the run goes on.
  private func wasCutShort(_ completion: Completion, _ end: StepEnd) -> Bool {
    guard Task.isCancelled, end.state == .failed else { return false }
    let calledOff = completion.facts.contains { fact in
      if case .stepActed(let act) = fact { act.failure?.code == .cancelled } else { false }
    }
    return calledOff || completion.step.effect == .read
  }

  // MARK: - Carrying out decisions

  /// Notes what the decision says; a step to be launched comes back prepared, its intent noted.
  private mutating func carryOut(_ decision: Decision) async throws -> PreparedStep? {
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
      if case .manual(let action) = step.action {
        await pose(action, step)
      } else {
        return try await prepare(step, attempt)
      }
    case .park, .finish: break
    }
    return nil
  }

  private mutating func prepare(_ step: Step, _ attempt: Int) async throws -> PreparedStep? {
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
    if needsAgreement(step) {
      guard let approver = workplace.operator else {
        left = true
        return nil
      }
      try flush()
      let word = step.effect == .destructive ? state.playbook.confirmationWord : nil
      switch await approver.approve(StepOffer(step: step, intent: prepared.intent, word: word)) {
      case .run: break
      case .skip(let reason):
        skip(step, reason, .person)
        return nil
      case .stop:
        note(.stepChosen(StepChoice(.stop)), step: step.id)
        note(
          .stepFinished(StepEnd(state: .cancelled, verification: .unverified, reason: "stopped by the responder")),
          step: step.id)
        return nil
      case .leave:
        left = true
        return nil
      }
    }
    note(.stepIntended(prepared.intent), step: step.id, attempt: attempt)
    if case .notify(let message, _) = prepared.work, try wasDelivered(message) {
      note(
        .stepFinished(StepEnd(state: .done, verification: .unverified, reason: "delivered before; no check")),
        step: step.id, attempt: attempt)
      return nil
    }
    return prepared
  }

  /// Whether the message went out in an earlier life of this run, or from the outbox meanwhile.
  private func wasDelivered(_ message: Message) throws(JournalError) -> Bool {
    if state.epoch == 1 { return false }
    return try workplace.journal.reader.lifecycle([.messageSent]).contains { entry in
      if case .messageSent(let receipt) = entry.event.fact { receipt.id == message.id } else { false }
    }
  }

  /// Changes that were not agreed to as a whole are agreed to one by one. Messages and values change nothing that
  /// anybody has to be asked for.
  private func needsAgreement(_ step: Step) -> Bool {
    if step.effect == .read || approved.contains(step.effect) { return false }
    switch step.action {
    case .set, .manual: return false
    case .notify: return workplace.operator != nil
    default: return true
    }
  }

  private func asks(_ decision: Decision) -> Bool {
    switch decision {
    case .ask: true
    case .start(let step, _): needsAgreement(step)
    default: false
    }
  }

  private mutating func skip(_ step: Step, _ reason: String, _ cause: StepSkip.Cause) {
    let title = step.name?.source ?? step.id.rawValue
    note(.stepSkipped(StepSkip(title: title, reason: reason, cause: cause)), step: step.id)
    for child in step.children { skip(child, reason, cause) }
  }

  private mutating func pose(_ action: ManualAction, _ step: Step) async {
    do throws(Failure) {
      note(.stepAsked(try await preparer.question(for: step, action, names: names(for: step))), step: step.id)
    } catch {
      note(
        .stepFinished(
          StepEnd(state: .failed, verification: .unverified, reason: error.sentence, title: step.name?.source)),
        step: step.id)
    }
  }

  private mutating func ask(_ step: Step) async throws {
    guard let person = workplace.operator else {
      left = true
      return
    }
    try flush()
    let record = state.record(of: step.id)
    let end = StepEnd(state: record.state, verification: record.verification ?? .unverified, reason: record.reason)
    switch await person.choose(step, end) {
    case .made(let choice): note(.stepChosen(choice), step: step.id)
    case .leave: left = true
    }
  }

  private mutating func judge(_ target: Target, _ step: Step) {
    guard let start = state.start else { return }
    let now = workplace.time.read()
    let judgement = TargetJudgement(target: target.name, limit: target.limit, elapsed: now.wall - start.detected)
    note(.targetJudged(judgement), step: step.id)
    let inside = step.leaves.filter { state.record(of: $0.id).state != .skipped }
    if target.name == "contain", let incident, incident.moment(of: .mitigated) == nil, !inside.isEmpty,
      inside.allSatisfy({ state.record(of: $0.id).verification == .verified })
    {
      note(.milestoneReached(MilestoneMark(.mitigated, reached: now.wall, source: "checks of \(run)")))
    }
  }

  // MARK: - Ending

  /// True when this process is done with the run. People are asked first, where there are any.
  private mutating func conclude(_ decisions: [Decision]) async throws -> Bool {
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

  private mutating func park(_ reason: String) throws {
    note(.runParked(RunParking(reason: reason)))
    try flush()
  }

  /// A playbook that takes back a kill switch ends the incident when all of it went well.
  private mutating func resolve() {
    guard let incident, incident.moment(of: .resolved) == nil,
      !state.actingSteps.contains(where: \.record.overridden), let inverse = state.playbook.inverse,
      let file = try? workplace.library.find(inverse),
      PlaybookLoader(library: nil).load(path: file).playbook?.killSwitch != nil
    else { return }
    note(.milestoneReached(MilestoneMark(.resolved, reached: workplace.time.read().wall, source: "end of \(run)")))
  }

  /// True when somebody answered something.
  private mutating func askWaiting() async throws -> Bool {
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

  private func accept(_ answer: Value, of step: Step, _ question: StepQuestion) async -> [Fact] {
    let mark = AttemptMark(run: run, step: step.id, attempt: 1, idempotencyKey: "")
    let prepared = PreparedStep(
      step: step, attempt: 1, title: question.title, mark: mark, work: .answer, preview: [], names: names(for: step))
    return await performer.accept(answer, of: prepared)
  }

  // MARK: - Recording

  private mutating func note(_ fact: Fact, step: StepID? = nil, attempt: Int? = nil) {
    let event = recorder.event(fact, step: step, attempt: attempt)
    apply(event)
    unwritten.append(event)
  }

  private mutating func apply(_ event: Event) {
    do { try state.apply(event) } catch { confusion = confusion ?? error }
    incident?.apply(event)
  }

  private mutating func flush() throws(JournalError) {
    try recorder.write(unwritten)
    unwritten = []
  }

  private func names(for step: Step) -> Names {
    var names = state.names(connections: [:])
    if let incident {
      names.roots["incident"] = .map([
        "id": .text(incident.id.description), "severity": .text(incident.severity.rawValue),
        "title": .text(incident.title), "environment": .text(incident.environment),
      ])
    }
    switch step.action {
    case .notify, .manual:
      return names.adding(MessageContext.roots(state, library: workplace.library, now: workplace.time.read().wall))
    default: return names
    }
  }
}

extension Decision {
  fileprivate var endsDriving: Bool {
    switch self {
    case .park, .finish: true
    default: false
    }
  }
}

extension Check {
  /// An assertion on what the action returned needs what it returned.
  fileprivate func canBeMade(with act: StepAct?) -> Bool {
    if case .assert = probe { act != nil } else { true }
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
