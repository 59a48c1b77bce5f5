import Engine
import IncidentModel
import Playbooks

/// Puts what a reading means into facts: about the open incident, or about a new one.
struct MonitorStory {
  let monitor: Monitor
  let place: MonitorPlace
  let state: MonitorState
  /// The incidents of the environment that are neither resolved nor closed.
  let open: [IncidentState]
  let reading: MonitorReading
  let misses: Int
  let taken: Timestamp

  func facts(
    news: MonitorNews?, _ armed: ArmedPlaybooks, now: Timestamp, next: IncidentID
  ) -> [(IncidentID?, Fact)] {
    let text = reading.text
    switch news {
    case .recovered:
      return [
        (
          state.incident,
          .monitorRecovered(
            MonitorRecovery(monitor: monitor.id, name: monitor.name, environment: place.environment, reading: text))
        )
      ]
    case .breached, .stillBreached:
      let fact = Fact.monitorBreached(
        MonitorBreach(
          monitor: monitor.id, name: monitor.name, environment: place.environment, reading: text,
          severity: monitor.severity, suggest: monitor.suggest, reminder: news == .stillBreached))
      let told = telling(fact, title: monitor.name, why: "\(monitor.id): \(text)", next)
      // A breach that lasts starts nothing a second time.
      let firing = news == .breached ? firing(armed, now) : nil
      return told + (firing.map { [(told.last?.0, $0)] } ?? [])
    case .blind, .stillBlind:
      let fact = Fact.monitorBlind(
        MonitorBlindness(
          monitor: monitor.id, name: monitor.name, environment: place.environment, why: text, misses: misses,
          severity: monitor.severity, reminder: news == .stillBlind))
      return telling(
        fact, title: "Monitor \(monitor.id) cannot be evaluated", why: "\(monitor.id) sees nothing: \(text)", next)
    case nil:
      guard reading.verdict == .breached, let former = state.announced, ArmedPlaybooks.isOrphaned(former, at: now),
        let firing = firing(armed, now)
      else { return [] }
      return [(state.incident, firing)]
    }
  }

  private func telling(_ fact: Fact, title: String, why: String, _ next: IncidentID) -> [(IncidentID?, Fact)] {
    guard let incident = state.incident(among: open) else {
      let opening = IncidentOpening(
        title: title, severity: monitor.severity, why: why, environment: place.environment, drill: place.drill)
      let mark = MilestoneMark(.detected, reached: taken, source: "monitor \(monitor.id)")
      return [(next, .incidentOpened(opening)), (next, .milestoneReached(mark)), (next, fact)]
    }
    guard monitor.severity < incident.severity else { return [(incident.id, fact)] }
    // Worse than it looked: never milder, that is for people to say.
    let change = SeverityChange(from: incident.severity, to: monitor.severity, why: why)
    return [(incident.id, .severityChanged(change)), (incident.id, fact)]
  }

  private func firing(_ armed: ArmedPlaybooks, _ now: Timestamp) -> Fact? {
    let answer = armed.answer(
      to: monitor.startable, in: place.environment, grace: monitor.grace, coolDown: monitor.coolDown, at: now)
    func fact(_ stage: PlaybookFiring.Stage, _ due: Timestamp, _ why: String?) -> Fact {
      .playbookFiring(
        PlaybookFiring(
          playbook: monitor.startable ?? "", environment: place.environment, monitor: monitor.id, stage: stage,
          due: due,
          why: why))
    }
    return switch answer {
    case .leave: nil
    case .refuse(let why): fact(.calledOff, now, why)
    case .announce(let due): fact(.announced, due, nil)
    }
  }
}
