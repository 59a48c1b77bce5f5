internal import IncidentModel
internal import Journaling

/// A run, as far as figures over many of them need it.
struct RunFigure: Sendable, Hashable {
  let id: RunID
  let incident: IncidentID?
  let playbook: String
  let digest: String
  let drill: Bool
  let started: Timestamp
  /// `nil` while it is not over.
  var phase: RunPhase?
  /// The clocks that were judged, and whether each was met. The last word counts.
  var targets: [String: Bool] = [:]

  /// Every run of a journal, in the order they were started.
  static func all(_ reader: JournalReader) throws(JournalError) -> [RunFigure] {
    var runs = try reader.excerpts(
      ["$.at", "$.details.playbook", "$.details.digest", "$.details.drill"], of: [.runStarted]
    ).compactMap(RunFigure.init)
    let places = Dictionary(runs.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    for end in try reader.excerpts(["$.details.phase"], of: [.runFinished]) {
      if let place = end.run.flatMap({ places[$0] }) { runs[place].phase = end.members[0].flatMap(RunPhase.init) }
    }
    for judgement in try reader.excerpts(["$.details.target", "$.details.met"], of: [.targetJudged]) {
      guard let place = judgement.run.flatMap({ places[$0] }), let target = judgement.members[0] else { continue }
      runs[place].targets[target] = judgement.members[1] == "1"
    }
    return runs
  }

  private init?(_ start: EntryExcerpt) {
    guard let run = start.run, let at = start.members[0].flatMap({ Timestamp($0) }) else { return nil }
    id = run
    incident = start.incident
    started = at
    playbook = start.members[1] ?? ""
    digest = start.members[2] ?? ""
    drill = start.members[3] == "1"
  }
}
