internal import Foundation
internal import GRDB
public import IncidentModel

/// The append-only record: one SQLite file in the state folder, and the only way to write it.
///
/// Several processes may have it open; each transaction happens under `journal.lock`. An `append` that returned
/// is on the disk.
public final class Journal: Sendable {
  public let path: String
  private let queue: DatabaseQueue
  private let lock: WriterLock
  private let redactor: Redactor
  private let anchors: AnchorFile
  /// Which file it is: one that was deleted takes every write and keeps none.
  private let file: FileIdentity?

  /// Keys whose values come from closed sets or are ids: hiding anything in them would only break the record.
  static let structuralKeys: Set<String> = [
    "kind", "at", "boot_id", "incident", "run", "step", "severity", "from", "to", "milestone", "reached", "digest",
    "phase", "state", "verification", "outcome", "unknown", "code", "effect", "action", "cause", "id", "detected",
    "answerType", "parent", "until", "due", "stage",
  ]

  /// Under these stands what steps and people brought in, with keys of its own.
  static let foreignKeys: Set<String> = ["outputs", "registered", "params", "answer"]

  /// Opens the journal in `directory`, and makes folder (0700) and file (0600) if there are none.
  public init(directory: String, redactor: Redactor) throws(JournalError) {
    path = "\(directory)/\(JournalFile.name)"
    self.redactor = redactor
    anchors = AnchorFile(directory: directory)
    try JournalFile.prepare(directory: directory)
    lock = try WriterLock(path: "\(directory)/journal.lock")
    do {
      let path = path
      queue = try lock.locked {
        let queue = try DatabaseQueue(path: path, configuration: JournalFile.configuration(readOnly: false))
        try queue.inDatabase { try JournalFile.migrate($0, path: path) }
        return queue
      }
    } catch let error as JournalError { throw error } catch let error as DatabaseError
      where error.resultCode == .SQLITE_NOTADB
    {
      throw .notAJournal(path, reason(error))
    } catch { throw .cannotWrite(path, reason(error)) }
    file = FileIdentity(path)
  }

  /// Writes checkpoint and anchor, and lets go of the file. The journal is then one self-contained file.
  public func close() {
    try? lock.locked {
      if let head = try? queue.read({ try JournalFile.head($0) }), head.sequence > 0 { anchors.append(head) }
      try queue.close()
    }
  }

  /// Appends the events in one durable transaction; all or none. Throws when the journal cannot be written, or
  /// when `owner` no longer drives `run`.
  @discardableResult
  public func append(_ events: [Event], as owner: (run: RunID, epoch: Int)? = nil) throws(JournalError) -> [Entry] {
    try append(as: owner) { _ in events }
  }

  /// The same, for events that need the next free numbers.
  @discardableResult
  public func append(
    as owner: (run: RunID, epoch: Int)? = nil, _ make: (NextNumbers) -> [Event]
  ) throws(JournalError) -> [Entry] {
    do {
      return try lock.locked {
        guard file == FileIdentity(path) else {
          throw JournalError.cannotWrite(path, "the file is gone, or another one stands in its place")
        }
        return try queue.writeWithoutTransaction { db in
          var entries: [Entry] = []
          try db.inTransaction(.immediate) {
            if let owner { try JournalFile.refuseStale(owner, db) }
            entries = try insert(make(try JournalFile.nextNumbers(db)), db)
            return .commit
          }
          return entries
        }
      }
    } catch let error as JournalError { throw error } catch { throw .cannotWrite(path, reason(error)) }
  }

  private func insert(_ events: [Event], _ db: Database) throws -> [Entry] {
    let head = try JournalFile.rawHead(db)
    var (sequence, previous) = (head.sequence, head.hash)
    let statement = try db.cachedStatement(
      sql: "INSERT INTO entry (seq, hash, body, kind, incident, run) VALUES (?, ?, ?, ?, ?, ?)")
    return try events.map { event in
      let body = redactor.redactJSON(
        try EventCoding.encode(event), structuralKeys: Self.structuralKeys, foreignKeys: Self.foreignKeys)
      sequence += 1
      previous = Chain.hash(sequence: sequence, previous: previous, body: body)
      try statement.execute(arguments: [
        sequence, Data(previous), String(decoding: body, as: UTF8.self), event.fact.kind.rawValue,
        event.incident?.number, event.run?.number,
      ])
      return Entry(sequence: sequence, hash: previous.hexText, event: event)
    }
  }

  /// A reader over the same file, for what a run looks up while it goes on.
  public var reader: JournalReader { JournalReader(path: path, queue: queue) }
}

/// The numbers that the next incident and the next run get.
public struct NextNumbers: Sendable {
  public let incident: IncidentID
  public let run: RunID
}
