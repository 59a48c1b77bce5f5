import Foundation
import GRDB
import IncidentModel
import Journaling
import TestSupport

/// A journal of 200 entries with an anchor after every 25th, as phases that ended left them; and earlier copies of it.
struct EvidentJournal: Sendable {
  static let count = 200
  static let anchoredEvery = 25

  let bytes: [UInt8]
  let entries: [StoredRow]
  let anchors: [JournalHead]
  /// The file as it was after each phase but the last.
  let earlier: [[UInt8]]

  init() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("journal.db")
    var (anchors, copies): ([JournalHead], [[UInt8]]) = ([], [])
    for phase in 0..<(Self.count / Self.anchoredEvery) {
      let journal = try Journal(directory: folder.path, redactor: Redactor())
      let first = phase * Self.anchoredEvery
      try journal.append((first..<(first + Self.anchoredEvery)).map(Self.event))
      anchors.append(try journal.reader.head())
      journal.close()
      copies.append(Array(try Data(contentsOf: URL(filePath: file))))
    }
    self.anchors = anchors
    bytes = copies.removeLast()
    earlier = copies
    entries = try StoredRow.all(in: file)
  }

  /// A little of everything that fills a journal, with and without incident and run.
  private static func event(_ number: Int) -> Event {
    let moment = ClockReading(
      wall: Timestamp(milliseconds: 1_900_000_000_000 + Int64(number)), boot: Int64(number), bootID: "test")
    let fact: Fact =
      switch number % 5 {
      case 0: .runResumed(RunResumption(owner: RunOwner(host: "h", pid: 1, epoch: number)))
      case 1: .incidentEdited(IncidentEdit(title: "title \(number)"))
      case 2: .severityChanged(SeverityChange(from: .p0, to: .p1, why: "why \(number)"))
      default: .noted(Note(text: "note \(number)", happened: nil, starred: false))
      }
    return Event(
      at: moment, actor: "dana", incident: number % 3 == 0 ? nil : IncidentID(number: number / 20 + 1),
      run: number % 4 == 0 ? RunID(number: number / 10 + 1) : nil, fact)
  }
}

/// An entry as any SQLite program reads it.
struct StoredRow: Equatable, Sendable {
  var seq: Int64
  var hash: Data
  var body: Data
  var kind: String
  var incident: Int?
  var run: Int?

  /// Throws what SQLite says when it cannot read them.
  static func all(in path: String) throws -> [StoredRow] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { db in
      try Row.fetchAll(
        db, sql: "SELECT seq, hash, CAST(body AS BLOB) AS body, kind, incident, run FROM entry ORDER BY seq"
      ).map { row in
        StoredRow(
          seq: row["seq"], hash: row["hash"], body: row["body"], kind: row["kind"], incident: row["incident"],
          run: row["run"])
      }
    }
  }
}
