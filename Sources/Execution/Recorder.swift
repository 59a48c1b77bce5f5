import IncidentModel
import Journaling

/// Writes what happens in one run into its record, and shows it to whoever watches. Nothing acts before its
/// `write` has returned.
struct Recorder: Sendable {
  let record: RunRecord
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
    try FailPoint.pass("recorder.before-write") { JournalError.cannotWrite("the journal", $0) }
    let written = try record.append(events, as: (run, epoch))
    try FailPoint.pass("recorder.after-write") { JournalError.cannotWrite("the journal", $0) }
    for event in written { observer.recorded(event) }
  }
}
