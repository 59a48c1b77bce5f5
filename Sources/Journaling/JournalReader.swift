internal import Foundation
internal import GRDB
import Glibc
public import IncidentModel

/// Reads a journal. Never writes, never checkpoints.
public struct JournalReader: Sendable {
  public let path: String
  private let queue: DatabaseQueue
  /// Where the journal was copied to; removed with the reader.
  private let copy: TemporaryCopy?

  init(path: String, queue: DatabaseQueue, copy: TemporaryCopy? = nil) {
    self.path = path
    self.queue = queue
    self.copy = copy
  }

  /// Opens the journal in `directory` for reading. `nil` when there is none yet.
  public init?(directory: String) throws(JournalError) {
    let path = "\(directory)/\(JournalFile.name)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    try self.init(file: path)
    // A process that died while it made the file left nothing in it.
    if try read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }) == 0 { return nil }
  }

  /// In place; or a copy where nothing may be written beside the journal, which SQLite cannot do without.
  public init(file path: String) throws(JournalError) {
    let folder = (path as NSString).deletingLastPathComponent
    if access(folder.isEmpty ? "." : folder, W_OK) == 0 {
      try self.init(path: path, opening: path, copy: nil)
    } else {
      try self.init(copyOf: path)
    }
  }

  /// A journal that a process has open, or left open when it died, is read in place: its log belongs to it.
  init(copyOf path: String) throws(JournalError) {
    if access(path + "-wal", F_OK) == 0, access(path + "-wal", W_OK) == 0 {
      try self.init(path: path, opening: path, copy: nil)
    } else {
      let copy = try TemporaryCopy(of: path)
      try self.init(path: path, opening: copy.path, copy: copy)
    }
  }

  private init(path: String, opening file: String, copy: TemporaryCopy?) throws(JournalError) {
    do {
      self.init(
        path: path,
        queue: try DatabaseQueue(path: file, configuration: JournalFile.configuration(readOnly: true)), copy: copy)
    } catch { throw .cannotRead(path, reason(error)) }
  }

  /// Whether the file is as a process leaves it that died while it made it: no schema, and no room for entries either.
  var isBlank: Bool {
    get throws(JournalError) {
      try read { db in
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        return try pages <= 1 && Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
      }
    }
  }

  public func head() throws(JournalError) -> JournalHead { try read { try JournalFile.head($0) } }

  /// Every entry of an incident, its runs included, in order.
  public func entries(of incident: IncidentID) throws(JournalError) -> [Entry] {
    try entries(where: "incident = ? AND incident IS NOT NULL", [incident.number])
  }

  /// Every entry of a run, in order.
  public func entries(of run: RunID) throws(JournalError) -> [Entry] {
    try entries(where: "run = ? AND run IS NOT NULL", [run.number])
  }

  /// Every entry behind the one with this number, in order: one look-up by key, however long the journal is.
  public func entries(after sequence: Int64) throws(JournalError) -> [Entry] {
    try entries(where: "seq > ?", [sequence])
  }

  /// The entries that lists are made of, in order: incidents and runs opened, changed, ended; messages; playbooks; what
  /// people said about an incident; and what monitors found.
  public func lifecycle(_ kinds: Set<Fact.Kind>) throws(JournalError) -> [Entry] {
    let names = Self.names(of: kinds)
    var entries: [Entry] = []
    // Each set has an index of its own.
    for (set, members) in Self.indexed where !kinds.isDisjoint(with: members) {
      entries += try self.entries(where: "kind IN \(set) AND kind IN (\(names))", [])
    }
    return entries.sorted { $0.sequence < $1.sequence }
  }

  static let indexed: [(set: String, members: Set<Fact.Kind>)] = [
    Schema1.lifecycleKinds, Schema2.incidentKinds, Schema3.monitorKinds, Schema4.figureKinds,
  ].map { set in (set, Set(Fact.Kind.allCases.filter { set.contains("'\($0.rawValue)'") })) }

  static func names(of kinds: Set<Fact.Kind>) -> String {
    kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")
  }

  private static let recordedText = """
    FROM entry WHERE kind IN \(Schema4.kindsWithDigest) AND kind = 'playbook.recorded' AND \(Schema4.digest) = ?
    """

  /// Whether the playbook with this digest is in the journal, without a look at its text.
  public func holdsPlaybookText(digest: String) throws(JournalError) -> Bool {
    try read {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 \(Self.recordedText))", arguments: [digest]) ?? false
    }
  }

  /// The text of the playbook with this digest, as it was when it was run.
  public func playbookText(digest: String) throws(JournalError) -> String? {
    let entries = try read { db in
      try self.entries(db, sql: "SELECT seq, hash, body \(Self.recordedText) ORDER BY +seq", [digest])
    }
    for entry in entries {
      if case .playbookRecorded(let record) = entry.event.fact, record.digest == digest { return record.text }
    }
    return nil
  }

  /// Every entry in order, one at a time, until `body` says false.
  public func forEachEntry(_ body: (StoredEntry) -> Bool) throws(JournalError) {
    try read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT seq, hash, CAST(body AS BLOB) AS body, kind, incident, run FROM entry ORDER BY seq")
      while let row = try rows.next() {
        // Nothing is taken for granted: a damaged row may hold NULL, or a number where bytes should be.
        func read<Column: DatabaseValueConvertible>(_ name: String) -> Column? {
          Column.fromDatabaseValue(row[name] as DatabaseValue)
        }
        let entry = StoredEntry(
          sequence: read("seq") ?? 0, hash: [UInt8](read("hash") ?? Data()), body: [UInt8](read("body") ?? Data()),
          kind: read("kind") ?? "", incident: read("incident"), run: read("run"))
        if !body(entry) { return }
      }
    }
  }

  private func entries(where condition: String, _ arguments: StatementArguments) throws(JournalError) -> [Entry] {
    try read { db in
      try entries(db, sql: "SELECT seq, hash, body FROM entry WHERE \(condition) ORDER BY seq", arguments)
    }
  }

  /// - Parameter sql: gives `seq`, `hash` and `body`.
  func entries(_ db: Database, sql: String, _ arguments: StatementArguments) throws -> [Entry] {
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    var entries: [Entry] = []
    while let row = try rows.next() {
      let sequence: Int64 = row["seq"]
      let body = String.fromDatabaseValue(row["body"] as DatabaseValue) ?? ""
      let hash = Data.fromDatabaseValue(row["hash"] as DatabaseValue) ?? Data()
      do {
        entries.append(
          Entry(
            sequence: sequence, hash: hash.hexText, event: try EventCoding.decode(Array(body.utf8))))
      } catch {
        throw JournalError.cannotRead(
          path, "entry \(sequence) is not one this andon can read; check it with: andon journal verify")
      }
    }
    return entries
  }

  /// For what SQLite does only outside of a transaction.
  func outsideTransactions(_ body: (Database) throws -> Void) throws(JournalError) {
    do { try queue.inDatabase(body) } catch { throw .cannotRead(path, reason(error)) }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    try FailPoint.pass("journal.before-read") { JournalError.cannotRead(path, $0) }
    do { return try queue.read(body) } catch let error as JournalError { throw error } catch {
      throw .cannotRead(path, reason(error))
    }
  }
}

/// An entry exactly as it is stored.
public struct StoredEntry: Sendable, Hashable {
  public let sequence: Int64
  public let hash: [UInt8]
  public let body: [UInt8]
  /// The columns for look-ups, which have to say what the body says.
  let kind: String
  let incident: Int?
  let run: Int?
}
