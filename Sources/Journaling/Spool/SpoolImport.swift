internal import Foundation
import Glibc
public import IncidentModel

/// Brings a spool into a journal: gives its run the number it has or gets, and appends what the journal lacks. What is
/// there already is not written again, so that it can be done as often as one likes.
public struct SpoolImport: Sendable {
  public struct Outcome: Sendable {
    public let run: RunID
    public let incident: IncidentID?
    /// How many records were appended.
    public let added: Int
    /// True when the journal has the entry that the spool followed, or the spool did not know any.
    public let isLinked: Bool
  }

  private let spool: SpoolStory
  private let journal: Journal

  public init(_ spool: SpoolStory, into journal: Journal) {
    self.spool = spool
    self.journal = journal
  }

  /// Throws `Problem` when the records cannot be trusted or do not fit; then nothing was appended.
  public func carryOut(actor: String, at now: ClockReading) throws -> Outcome {
    if let altered = spool.altered {
      throw Problem(
        "spool \(spool.id) was changed since it was written: record \(altered) does not follow the one before it",
        advice: "Nothing was imported. Keep the file as evidence: \(spool.paths.joined(separator: ", "))")
    }
    let (run, incident) = try identity()
    let known = try Set(run.map { try journal.reader.entries(of: $0).map(\.event) } ?? [])
      .union(incident.map { try journal.reader.entries(of: $0).map(\.event) } ?? [])
    if let run { try refuseIfTakenUp(run, known) }
    let isLinked = try spool.follows.map(isThere) ?? true
    let hasText = try hasText
    var outcome: Outcome?
    try journal.append { numbers in
      let run = run ?? numbers.run
      let incident = incident ?? (opensIncident ? numbers.incident : nil)
      var events = spool.events.map { renumbered($0, run, incident) }.filter { !known.contains($0) }
      if hasText { events.removeAll { $0.fact.kind == .playbookRecorded } }
      if !events.isEmpty || !isMarked(known) {
        let arrival = SpoolArrival(
          spool: spool.id, records: spool.events.count, missing: spool.missing,
          follows: spool.follows?.description, linked: isLinked)
        events.append(Event(at: now, actor: actor, incident: incident, run: run, .spoolImported(arrival)))
      }
      outcome = Outcome(run: run, incident: incident, added: events.count, isLinked: isLinked)
      return events
    }
    guard let outcome else { throw Problem("spool \(spool.id) was not imported") }
    return outcome
  }

  /// Says in the names of the files that nothing in them is left to be imported.
  public func retire() {
    for path in spool.paths where path.hasSuffix(SpoolPlaces.ending) {
      rename(path, path.dropLast(SpoolPlaces.ending.count) + SpoolPlaces.importedEnding)
    }
  }

  // MARK: - Which run it is

  private var start: Event? { spool.events.first { $0.fact.kind == .runStarted } }

  private var opensIncident: Bool { spool.events.contains { $0.fact.kind == .incidentOpened } }

  /// The run that the journal has of it, and the incident; `nil` where they get new numbers.
  private func identity() throws -> (RunID?, IncidentID?) {
    guard let start else {
      throw Problem(
        "spool \(spool.id) does not hold the beginning of its run",
        advice: "Nothing was imported. Import it together with its other files: "
          + "andon journal import-spool FOLDER. It is in \(spool.paths.joined(separator: ", "))")
    }
    let nameless = renumbered(start, .provisional, nil)
    let match = try journal.reader.lifecycle([.runStarted]).last { renumbered($0.event, .provisional, nil) == nameless }
    if let match { return (match.event.run, match.event.incident) }
    // A run that joined an incident keeps it, if this journal has it.
    guard !opensIncident, let joined = start.incident, !joined.isProvisional else { return (nil, nil) }
    return (nil, try journal.reader.entries(of: joined).isEmpty ? nil : joined)
  }

  /// What was recorded before somebody went on with the run cannot be told behind it: it would undo what they did.
  private func refuseIfTakenUp(_ run: RunID, _ known: Set<Event>) throws {
    let spooled = Set(spool.events.map { renumbered($0, run, $0.incident) })
    let isTakenUp = known.contains { $0.run == run && $0.fact.kind == .runResumed && !spooled.contains($0) }
    guard isTakenUp, !isMarked(known) else { return }
    throw Problem(
      "\(run) was taken up again before spool \(spool.id) was imported; its records would not fit behind that",
      advice: "Keep the file as evidence: \(spool.paths.joined(separator: ", "))")
  }

  private func isMarked(_ known: Set<Event>) -> Bool {
    known.contains { event in
      if case .spoolImported(let arrival) = event.fact {
        arrival.spool == spool.id && arrival.records >= spool.events.count
      } else {
        false
      }
    }
  }

  private var hasText: Bool {
    get throws {
      guard case .runStarted(let start)? = start?.fact else { return false }
      return try journal.reader.holdsPlaybookText(digest: start.digest)
    }
  }

  private func isThere(_ head: JournalHead) throws -> Bool {
    if head.sequence == 0 { return true }
    return try journal.reader.entries(after: head.sequence - 1).first.map { $0.hash == head.hash } ?? false
  }

  private func renumbered(_ event: Event, _ run: RunID, _ incident: IncidentID?) -> Event {
    var event = event
    if event.run != nil { event.run = run }
    if event.incident != nil { event.incident = incident }
    if case .milestoneReached(var mark) = event.fact {
      mark.source = mark.source.replacing(RunID.provisional.description, with: run.description)
      event.fact = .milestoneReached(mark)
    }
    return event
  }
}
