internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// Knows where every monitor stands in one environment, and writes down what changes. Everything it decides on comes from
/// the journal, so that the next process, or one beside it, decides the same.
actor MonitorDesk {
  private let place: MonitorPlace
  private let directory: String
  private let redactor: Redactor
  private let time: TimeSource
  /// From so many failing looks in a row on, that is an alert.
  private let bearable: Int
  private var states: [String: MonitorState] = [:]
  private var misses: [String: Int] = [:]

  init(
    _ place: MonitorPlace, directory: String, redactor: Redactor, time: TimeSource, bearable: Int
  ) throws(JournalError) {
    self.place = place
    self.directory = directory
    self.redactor = redactor
    self.time = time
    self.bearable = bearable
    if let reader = try JournalReader(directory: directory) {
      let entries = try reader.lifecycle(Self.kinds)
      for monitor in place.monitors { states[monitor.id] = Self.state(of: monitor, place, entries) }
    }
  }

  private static let kinds: Set<Fact.Kind> = ArmedPlaybooks.kinds.union([
    .monitorBreached, .monitorRecovered, .monitorBlind,
  ])
  private static let incidentKinds: Set<Fact.Kind> = [.incidentOpened, .severityChanged, .milestoneReached]

  private static func state(of monitor: Monitor, _ place: MonitorPlace, _ entries: [Entry]) -> MonitorState {
    var state = MonitorState(monitor: monitor.id, environment: place.environment)
    for entry in entries { state.apply(entry.event) }
    return state
  }

  // MARK: - Readings

  /// Says what a reading means, and records it where that is new.
  /// - Parameter taken: when it was read.
  func take(_ reading: MonitorReading, of monitor: Monitor, at taken: Timestamp) -> MonitorOutcome {
    let count = reading.verdict == .missed ? (misses[monitor.id] ?? 0) + 1 : 0
    misses[monitor.id] = count
    let known = states[monitor.id] ?? MonitorState(monitor: monitor.id, environment: place.environment)
    var outcome = MonitorOutcome(misses: count)
    if known.standing != .well { outcome.incident = known.incident }
    guard isNews(reading, known, count) else { return outcome }
    do {
      let entries = try write(monitor.id) { entries, incidents, numbers in
        // As it stands while nobody else can write: another process may have told it a moment ago.
        let state = Self.state(of: monitor, place, entries)
        let story = MonitorStory(
          monitor: monitor, place: place, state: state, open: incidents, reading: reading, misses: count, taken: taken)
        return story.facts(
          news: state.news(of: reading, misses: count, bearable: bearable, at: time.read().wall),
          ArmedPlaybooks(entries.map(\.event)), now: time.read().wall, next: numbers.incident)
      }
      for entry in entries { note(entry.event, &outcome) }
    } catch { outcome.trouble = (error as? JournalError)?.problem ?? Problem("\(error)") }
    return outcome
  }

  private func isNews(_ reading: MonitorReading, _ state: MonitorState, _ count: Int) -> Bool {
    let now = time.read().wall
    if state.news(of: reading, misses: count, bearable: bearable, at: now) != nil { return true }
    // Somebody announced a playbook and died: it is announced anew.
    return reading.verdict == .breached && state.announced.map { ArmedPlaybooks.isOrphaned($0, at: now) } ?? false
  }

  private func note(_ event: Event, _ outcome: inout MonitorOutcome) {
    apply(event)
    switch event.fact {
    case .incidentOpened: outcome.opened = true
    case .monitorBreached(let breach):
      (outcome.news, outcome.incident) = (breach.reminder ? .stillBreached : .breached, event.incident)
    case .monitorBlind(let blindness):
      (outcome.news, outcome.incident) = (blindness.reminder ? .stillBlind : .blind, event.incident)
    case .monitorRecovered: (outcome.news, outcome.incident) = (.recovered, event.incident)
    case .playbookFiring(let firing) where firing.stage == .announced: outcome.announced = firing
    case .playbookFiring(let firing): outcome.refused = firing.why
    default: break
    }
  }

  private func apply(_ event: Event) {
    for monitor in place.monitors {
      states[monitor.id, default: MonitorState(monitor: monitor.id, environment: place.environment)].apply(event)
    }
  }

  // MARK: - Armed playbooks

  /// The terms under which what was announced may start now, and the incident of it; `nil`: it may not any more. When it
  /// may, its start is recorded with this, so that nobody else starts it.
  func start(_ firing: PlaybookFiring) throws -> (terms: PlaybookArming, incident: IncidentID?)? {
    var terms: PlaybookArming?
    let entries = try write(firing.monitor) { entries, _, _ in
      let (armed, now) = (ArmedPlaybooks(entries.map(\.event)), time.read().wall)
      guard armed.stillStands(firing, at: now) else { return [] }
      terms = armed.arming(of: firing.playbook, in: firing.environment, at: now)?.terms
      return [(incident(of: firing, entries), .playbookFiring(firing.being(.started)))]
    }
    for entry in entries { apply(entry.event) }
    return terms.map { ($0, entries.first?.event.incident) }
  }

  /// Records that it does not start, or could not.
  func callOff(_ firing: PlaybookFiring, why: String) throws {
    let entries = try write(firing.monitor) { entries, _, _ in
      [(incident(of: firing, entries), .playbookFiring(firing.being(.calledOff, why: why)))]
    }
    for entry in entries { apply(entry.event) }
  }

  /// Why what was announced must not start any more; `nil`: nothing speaks against it.
  func objection(to firing: PlaybookFiring) throws -> String? {
    guard let entries = try JournalReader(directory: directory)?.lifecycle(Self.kinds) else { return nil }
    let now = time.read().wall
    if ArmedPlaybooks(entries.map(\.event)).arming(of: firing.playbook, in: firing.environment, at: now) == nil {
      let end = entries.last { $0.event.fact.kind == .playbookDisarmed }?.event
      if case .playbookDisarmed(let disarming)? = end?.fact, disarming.playbook == firing.playbook {
        return "disarmed by \(end?.actor ?? "")" + (disarming.why.map { ": \($0)" } ?? "")
      }
      return "it is not armed any more"
    }
    guard let monitor = place.monitors.first(where: { $0.id == firing.monitor }) else { return nil }
    return Self.state(of: monitor, place, entries).standing == .well ? "\(monitor.id) has recovered" : nil
  }

  /// Records a message, or what became of it.
  func record(_ fact: Fact, of firing: PlaybookFiring) throws {
    try write(firing.monitor) { entries, _, _ in [(incident(of: firing, entries), fact)] }
  }

  private nonisolated func incident(of firing: PlaybookFiring, _ entries: [Entry]) -> IncidentID? {
    entries.last { entry in
      guard case .playbookFiring(let other) = entry.event.fact else { return false }
      return other.monitor == firing.monitor && other.playbook == firing.playbook && other.due == firing.due
    }?.event.incident
  }

  // MARK: - Writing

  /// Appends what `make` makes of the record as it stands while nobody else can write. Between two writes nothing of the
  /// journal is open.
  @discardableResult
  private func write(
    _ monitor: String, _ make: ([Entry], [IncidentState], NextNumbers) throws -> [(IncidentID?, Fact)]
  ) throws -> [Entry] {
    let journal = try Journal(directory: directory, redactor: redactor)
    defer { journal.close() }
    // A connection of its own: the writer's cannot read while it writes.
    let reader = try JournalReader(file: journal.path)
    var made = Result<[(IncidentID?, Fact)], any Error>.success([])
    let entries = try journal.append { numbers in
      made = Result {
        let open = try reader.lifecycle(Self.incidentKinds, of: reader.openIncidents())
        let incidents = IncidentState.all(in: open.map(\.event)).filter {
          $0.environment == place.environment && $0.drill == place.drill && $0.moment(of: .resolved) == nil
            && $0.moment(of: .closed) == nil
        }
        return try make(try reader.lifecycle(Self.kinds), incidents, numbers)
      }
      let now = time.read()
      return ((try? made.get()) ?? []).map { Event(at: now, actor: place.actor(monitor), incident: $0.0, $0.1) }
    }
    _ = try made.get()
    return entries
  }
}

extension PlaybookFiring {
  func being(_ stage: Stage, why: String? = nil) -> PlaybookFiring {
    var firing = self
    (firing.stage, firing.why) = (stage, why)
    return firing
  }
}
