import IncidentModel
import Journaling

/// Writes what happens in one run into the journal, and shows it to whoever watches. Nothing acts before its
/// `write` has returned.
struct Recorder: Sendable {
  let journal: Journal
  let observer: any RunObserver
  let time: TimeSource
  let actor: String
  let incident: IncidentID?
  let run: RunID
  let epoch: Int

  func event(_ fact: Fact, step: StepID? = nil, attempt: Int? = nil) -> Event {
    Event(at: time.read(), actor: actor, incident: incident, run: run, step: step, attempt: attempt, fact)
  }

  func write(_ events: [Event]) throws(JournalError) {
    if events.isEmpty { return }
    try journal.append(events, as: (run, epoch))
    for event in events { observer.recorded(event) }
  }
}
