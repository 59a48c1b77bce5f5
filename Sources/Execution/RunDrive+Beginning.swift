internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// How a run begins: its numbers, its incident, and the first entries.
extension RunDrive {
  static func begin(_ request: RunRequest, _ workplace: Workplace, parent: ParentStep?) throws(RunRefusal) -> RunDrive {
    let record = workplace.record(of: request.playbook)
    do throws(JournalError) {
      try FailPoint.pass("run.before-begin") { JournalError.cannotWrite(workplace.journal.path, $0) }
      let now = workplace.time.read()
      let (known, joined) = try look(request, workplace)
      // Numbers are given out under the journal's lock, so opening is a commit of its own for them alone; the
      // first intents could not name their run otherwise.
      let events = try record.open { numbers in
        openingEvents(request, workplace, numbers, now, joined: joined, recordPlaybook: !known, parent: parent)
      }
      try FailPoint.pass("run.after-begin") { JournalError.cannotWrite(workplace.journal.path, $0) }
      for event in events { workplace.observer.recorded(event) }
      return RunDrive(request, workplace, record, events: events, joined: joined)
    } catch { throw .journal(error) }
  }

  /// Whether the playbook's text is in the journal, and the incident that the run joins.
  private static func look(_ request: RunRequest, _ workplace: Workplace) throws(JournalError) -> (
    known: Bool, joined: IncidentState?
  ) {
    var joined: IncidentState?
    if case .join(let id) = request.incident { joined = IncidentState(id: id) }
    do throws(JournalError) {
      let reader = workplace.journal.reader
      if let id = joined?.id {
        for entry in try reader.lifecycle(IncidentState.kinds, of: [id]) { joined?.apply(entry.event) }
      }
      return (try reader.holdsPlaybookText(digest: request.playbook.source.digest), joined)
    } catch {
      // What may act without a journal may also act without having read it.
      if request.playbook.emergencySteps.isEmpty { throw error }
      return (false, joined)
    }
  }

  static func openingEvents(
    _ request: RunRequest, _ workplace: Workplace, _ numbers: NextNumbers, _ now: ClockReading,
    joined: IncidentState?, recordPlaybook: Bool, parent: ParentStep?
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
    if incident != nil, joined?.moment(of: .acknowledged) == nil, !request.isAutomatic {
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
          approved: Effect.allCases.filter(request.approved.contains), parent: parent?.run,
          parentStep: parent?.step.rawValue)),
      run: numbers.run)
    return events
  }

  init(
    _ request: RunRequest, _ workplace: Workplace, _ record: RunRecord, events: [Event], joined: IncidentState?
  ) {
    var state = RunState(playbook: request.playbook)
    for event in events { try? state.apply(event) }
    state.restore(params: request.params)
    state.onFailure = request.onFailure
    var incident = joined ?? events.first { $0.fact.kind == .incidentOpened }?.incident.map(IncidentState.init)
    for event in events { incident?.apply(event) }
    self.init(
      state: state, incident: incident, environment: request.environment.name, approved: request.approved, record,
      workplace)
    for (step, _) in state.actingSteps where request.leftOut.contains(step.id) {
      note(
        .stepSkipped(
          StepSkip(
            title: step.name?.source ?? step.id.rawValue, reason: "left out by --from or --only", cause: .selection)),
        step: step.id)
    }
  }
}
