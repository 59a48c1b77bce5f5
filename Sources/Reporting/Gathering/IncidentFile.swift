public import Engine
public import IncidentModel
public import Journaling
public import Playbooks

/// Everything recorded about one incident, folded once. All reports about it are made from this.
public struct IncidentFile: Sendable {
  public let id: IncidentID
  /// Every entry of the incident, its runs included, in order. Never empty.
  public let entries: [Entry]
  public let incident: IncidentState
  /// In the order they were started.
  public let runs: [RunAccount]
  public let messages: [MessageAccount]
  /// How its drills went, by run; empty for a real incident.
  public private(set) var drills: [RunID: DrillScore]

  /// Reads the incident from a journal.
  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader) throws {
    let entries = try reader.entries(of: id)
    try self.init(id, entries: entries) { start in try Playbook.recorded(in: reader, of: start) }
    if drills.isEmpty { return }
    let record = DrillRecord(reader: reader)
    for run in Array(drills.keys) { drills[run] = try record.score(of: run) ?? drills[run] }
  }

  /// Drills are compared with those of the same incident only: the others are not at hand.
  /// - Parameter playbook: the playbook of a run as it was run; `nil` if it cannot be read.
  public init(_ id: IncidentID, entries all: [Entry], playbook: (RunStart) throws -> Playbook?) throws {
    let entries = all.filter { $0.event.incident == id }
    guard !entries.isEmpty else {
      throw Problem("there is no \(id) in this journal", advice: "andon history lists what there is.")
    }
    var incident = IncidentState(id: id)
    for entry in entries { incident.apply(entry.event) }
    self.id = id
    self.entries = entries
    self.incident = incident
    messages = MessageAccount.all(in: entries)
    let runs = try entries.compactMap { entry in
      guard case .runStarted(let start) = entry.event.fact, let run = entry.event.run else { return RunAccount?.none }
      return try RunAccount(run, entries: entries, playbook: try playbook(start))
    }
    self.runs = runs
    let scores = runs.compactMap { DrillScore(of: $0, among: runs) }
    drills = Dictionary(scores.map { ($0.run, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The last entry of the incident: the report says what was recorded up to here.
  public var head: HeadLine { HeadLine(entries[entries.count - 1]) }

  /// What the clocks of the incident count from.
  public var detected: Timestamp? { incident.moment(of: .detected) ?? incident.openedAt }
}

extension Playbook {
  /// The playbook of a run from the text in the journal; `nil` if it is not there or does not load any more.
  static func recorded(in reader: JournalReader, of start: RunStart) throws -> Playbook? {
    guard let text = try reader.playbookText(digest: start.digest) else { return nil }
    return PlaybookLoader(library: nil).loadRecorded(text: text, file: "\(start.playbook).yaml").playbook
  }
}
