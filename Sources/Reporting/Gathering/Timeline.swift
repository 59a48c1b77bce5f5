import Engine
import IncidentModel

/// Turns the entries of an incident into the lines of its story, in the order in which things happened.
struct Timeline {
  private let detected: Timestamp?
  private let titles: [RunID: [StepID: String]]
  private let stars: [Int64: Bool]
  /// The entry that a milestone's entry corrects, and the one it is corrected by.
  private var corrects: [Int64: Int64] = [:]
  private var correctedBy: [Int64: Int64] = [:]
  private let decidedByPeople: Set<Int64>
  private let everything: Bool

  /// - Parameter everything: every entry, also those that only the record of a step needs.
  static func rows(of file: IncidentFile, everything: Bool = false) -> [TimelineRow] {
    let timeline = Timeline(file, everything)
    return inOrder(file.entries.compactMap { entry in timeline.row(entry).map { (told: entry.event.at, row: $0) } })
  }

  private init(_ file: IncidentFile, _ everything: Bool) {
    self.everything = everything
    detected = file.detected
    titles = Dictionary(
      file.runs.map { run in
        (run.id, Dictionary(run.steps.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first }))
      }, uniquingKeysWith: { first, _ in first })
    stars = Self.stars(in: file.entries)
    decidedByPeople = DecidedByPeople(file.entries).ends
    noteCorrections(in: file.entries)
  }

  /// The last word on each entry.
  private static func stars(in entries: [Entry]) -> [Int64: Bool] {
    var stars: [Int64: Bool] = [:]
    for entry in entries {
      if case .entryStarred(let star) = entry.event.fact { stars[star.entry] = star.starred }
    }
    return stars
  }

  /// Corrections are appended: what they correct stays, and is said to be corrected.
  private mutating func noteCorrections(in entries: [Entry]) {
    var last: [Milestone: Int64] = [:]
    for entry in entries {
      guard case .milestoneReached(let mark) = entry.event.fact else { continue }
      guard let earlier = last.updateValue(entry.sequence, forKey: mark.milestone) else { continue }
      corrects[entry.sequence] = earlier
      correctedBy[earlier] = entry.sequence
    }
  }

  /// By place in the journal; what somebody says happened at another time, where it belongs by that. A clock that was set
  /// back turns no two entries round: after it, each counts as no earlier than the one before.
  private static func inOrder(_ rows: [(told: Timestamp, row: TimelineRow)]) -> [TimelineRow] {
    var latest = Timestamp(milliseconds: .min)
    let placed = rows.map { told, row in
      latest = max(latest, told)
      let apart = max(told, row.at) - min(told, row.at)
      return (place: apart >= .seconds(1) ? row.at : latest, row: row)
    }
    return placed.sorted { ($0.place, $0.row.entry) < ($1.place, $1.row.entry) }.map(\.row)
  }

  private func row(_ entry: Entry) -> TimelineRow? {
    let event = entry.event
    let isStarred = stars[entry.sequence]
    let title = event.step.flatMap { step in event.run.flatMap { titles[$0]?[step] } }
    // Whatever somebody starred is a part of the story.
    let isAsked = everything || isStarred == true
    guard let sentence = EventSentence.of(event, title: title) ?? (isAsked ? .detail(of: event, title: title) : nil)
    else { return nil }
    let at = sentence.happened ?? event.at
    return TimelineRow(
      at: at, sinceDetectedMilliseconds: detected.map { (at - $0).wholeMilliseconds }, kind: sentence.kind,
      event: sentence.text + correction(of: entry.sequence), by: event.actor,
      automatic: sentence.automatic && !decidedByPeople.contains(entry.sequence),

      starred: isStarred ?? sentence.starred, run: event.run, step: event.step?.rawValue,
      recorded: event.at - at >= .seconds(1) ? event.at : nil, corrects: corrects[entry.sequence],
      correctedBy: correctedBy[entry.sequence], entry: entry.sequence)
  }

  private func correction(of entry: Int64) -> String {
    let texts = [
      corrects[entry].map { "corrects entry \($0)" }, correctedBy[entry].map { "corrected later by entry \($0)" },
    ].compactMap { $0 }
    return texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
  }
}
