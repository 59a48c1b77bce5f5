internal import Foundation
internal import GRDB
public import IncidentModel
internal import Synchronization

/// The append-only record: one SQLite file in the state folder, and the only way to write it.
///
/// Several processes may have it open; each transaction happens under `journal.lock`. An `append` that returned
/// is on the disk.
public final class Journal: Sendable {
  public let path: String
  private let queue: DatabaseQueue
  private let lock: WriterLock?
  let redactor: Redactor
  private let anchors: AnchorFile
  private let outside: OutsideAnchors?
  /// Which file it is: one that was deleted takes every write and keeps none.
  private let file: FileIdentity?
  /// What the last append left.
  private let trail = Mutex(Trail())
  /// Why nothing is written to it; `nil` while it takes everything.
  private let loss: Mutex<JournalError?>

  /// Keys whose values come from closed sets or are ids: hiding anything in them would only break the record.
  static let structuralKeys: Set<String> = [
    "kind", "at", "boot_id", "incident", "run", "step", "severity", "from", "to", "milestone", "reached", "digest",
    "phase", "state", "verification", "outcome", "unknown", "code", "effect", "action", "cause", "id", "detected",
    "answerType", "parent", "until", "due", "stage",
  ]

  /// Under these stands what steps and people brought in, with keys of its own.
  static let foreignKeys: Set<String> = ["outputs", "registered", "params", "answer", "value"]

  /// Opens the journal in `directory`, and makes folder (0700) and file (0600) if there are none.
  /// - Parameters:
  ///   - outside: where else anchors are kept.
  ///   - patience: how long another process may hold it; 5 seconds when not told.
  public init(
    directory: String, redactor: Redactor, outside: OutsideAnchors? = nil, patience: Duration? = nil
  ) throws(JournalError) {
    let path = "\(directory)/\(JournalFile.name)"
    self.path = path
    self.redactor = redactor
    loss = Mutex(nil)
    anchors = AnchorFile(directory: directory)
    self.outside = outside
    try FailPoint.pass("journal.before-open") { JournalError.cannotWrite(path, $0) }
    try JournalFile.prepare(directory: directory)
    let patience = patience ?? JournalFile.patience
    let lock = try WriterLock(path: "\(directory)/journal.lock", patience: patience)
    self.lock = lock
    do {
      queue = try lock.locked {
        try FailPoint.pass("journal.before-migrate") { JournalError.cannotWrite(path, $0) }
        let queue = try DatabaseQueue(
          path: path, configuration: JournalFile.configuration(readOnly: false, patience: patience))
        try queue.inDatabase { db in
          try JournalFile.refuseOtherMode(db, path: path)
          try JournalFile.syncEveryCommit(db)
          try JournalFile.migrate(db, path: path)
        }
        return queue
      }
    } catch let error as JournalError { throw error } catch let error as DatabaseError
      where error.resultCode == .SQLITE_NOTADB
    {
      throw .notAJournal(path, reason(error))
    } catch { throw .cannotWrite(path, reason(error)) }
    file = FileIdentity(path)
    try FailPoint.pass("journal.after-open") { JournalError.cannotWrite(path, $0) }
    SpaceReserve(directory: directory).provide()
  }

  /// Stands in for a journal that cannot be opened: it reads as an empty one, and takes nothing.
  init(insteadOf path: String, because error: JournalError, redactor: Redactor) throws(JournalError) {
    self.path = path
    self.redactor = redactor
    loss = Mutex(error)
    anchors = AnchorFile(path: "")
    (lock, file, outside) = (nil, nil, nil)
    do {
      queue = try DatabaseQueue()
      try queue.inDatabase { try JournalFile.migrate($0, path: path) }
    } catch { throw .cannotRead(path, reason(error)) }
  }

  /// True once nothing is written to it any more, whatever becomes of the disk.
  public var isLost: Bool { loss.withLock { $0 != nil } }

  /// Nothing is written to it from here on, not even by a thread that is on its way. After a failed sync the system
  /// may have dropped what was written and say that all is well; and what hangs now would hang again when it is closed,
  /// so the file stays open until the process ends.
  func giveUp(because error: JournalError) {
    loss.withLock { $0 = $0 ?? error }
    _ = Unmanaged.passRetained(queue)
  }

  private func refuseLost() throws(JournalError) {
    if let error = loss.withLock({ $0 }) { throw error }
  }

  /// Writes checkpoint and anchors, and lets go of the file. The journal is then one self-contained file.
  public func close() {
    if isLost { return }
    anchorOutside()
    try? lock?.locked {
      try FailPoint.pass("journal.before-close") { JournalError.cannotWrite(path, $0) }
      if let head = try? queue.read({ try JournalFile.head($0) }), head.sequence > 0 {
        anchors.append(head, lasting: false)
      }
      try queue.close()
    }
  }

  /// Before the lock is taken: a file elsewhere may be slow, and nobody else should wait for it. That it failed is an
  /// entry; it does not undo what the entries before it tell.
  private func anchorOutside() {
    guard let outside, let head = try? reader.head(), head.sequence > 0 else { return }
    if let problem = outside.file.append(head) { _ = try? append([outside.missed(problem)]) }
  }

  /// Appends the events in one durable transaction; all or none. Throws when the journal cannot be written, or
  /// when `owner` no longer drives `run`.
  @discardableResult
  public func append(_ events: [Event], as owner: (run: RunID, epoch: Int)? = nil) throws(JournalError) -> [Entry] {
    try write(as: owner) { _ in events }
  }

  /// The same, for events that need the next free numbers.
  @discardableResult
  public func append(
    as owner: (run: RunID, epoch: Int)? = nil, _ make: (NextNumbers) -> [Event]
  ) throws(JournalError) -> [Entry] {
    try write(as: owner) { make(try JournalFile.nextNumbers($0)) }
  }

  /// While its entry is the newest, nobody else has written since, and what was found out then still holds.
  private struct Trail {
    var sequence: Int64 = -1
    var hash: [UInt8] = []
    var reading: ClockReading?
    /// Of each run that was written about, who is known to drive it.
    var epochs: [RunID: Int] = [:]
  }

  private func write(
    as owner: (run: RunID, epoch: Int)?, _ make: (Database) throws -> [Event]
  ) throws(JournalError) -> [Entry] {
    do {
      try refuseLost()
      guard let lock else { throw JournalError.cannotWrite(path, "it is not open") }
      try FailPoint.pass("journal.before-lock") { JournalError.cannotWrite(path, $0) }
      return try lock.locked {
        try FailPoint.pass("journal.after-lock") { JournalError.cannotWrite(path, $0) }
        try refuseLost()
        guard file == FileIdentity(path) else {
          throw JournalError.cannotWrite(path, "the file is gone, or another one stands in its place")
        }
        return try queue.writeWithoutTransaction { db in
          var entries: [Entry] = []
          var left = trail.withLock { $0 }
          try db.inTransaction(.immediate) {
            try FailPoint.pass("journal.after-begin") { JournalError.cannotWrite(path, $0) }
            let head = try JournalFile.rawHead(db)
            if head.sequence != left.sequence || head.hash != left.hash {
              left = Trail(sequence: head.sequence, hash: head.hash, reading: try ClockWatch.lastReading(db))
            }
            if let owner, left.epochs[owner.run] != owner.epoch { try JournalFile.refuseStale(owner, db) }
            entries = try insert(make(db), after: &left, db)
            // Whoever writes without being the owner may be taking the run over.
            for run in Set(entries.compactMap(\.event.run)) { left.epochs[run] = nil }
            if let owner { left.epochs[owner.run] = owner.epoch }
            try FailPoint.pass("journal.before-commit") { JournalError.cannotWrite(path, $0) }
            try refuseLost()
            return .commit
          }
          trail.withLock { $0 = left }
          try FailPoint.pass("journal.after-commit") { JournalError.cannotWrite(path, $0) }
          return entries
        }
      }
    } catch let error as JournalError { throw error } catch {
      let failure = JournalError.cannotWrite(path, reason(error))
      if (error as? DatabaseError)?.isFailedSync == true { giveUp(because: failure) }
      throw failure
    }
  }

  private func insert(_ events: [Event], after trail: inout Trail, _ db: Database) throws -> [Entry] {
    let statement = try db.cachedStatement(sql: JournalFile.insertion)
    let entries = try ClockWatch.noting(events, after: trail.reading).map { event in
      let body = try EventCoding.encode(event, hiding: redactor)
      trail.sequence += 1
      trail.hash = Chain.hash(sequence: trail.sequence, previous: trail.hash, body: body)
      trail.reading = event.reading
      try statement.execute(arguments: [
        trail.sequence, Data(trail.hash), String(decoding: body, as: UTF8.self), event.fact.kind.rawValue,
        event.incident?.number, event.run?.number,
      ])
      try FailPoint.pass("journal.after-insert") { JournalError.cannotWrite(path, $0) }
      return Entry(sequence: trail.sequence, hash: trail.hash.hexText, event: event)
    }
    // Whoever appends gets back what it asked for.
    return entries.filter { $0.event.fact.kind != .clockJumped }
  }

  /// A reader over the same file, for what a run looks up while it goes on.
  public var reader: JournalReader { JournalReader(path: path, queue: queue) }
}

/// The numbers that the next incident and the next run get.
public struct NextNumbers: Sendable {
  public let incident: IncidentID
  public let run: RunID

  /// Where no journal can tell: they are given when the record is brought into one.
  static let provisional = NextNumbers(incident: .provisional, run: .provisional)
}

extension DatabaseError {
  fileprivate var isFailedSync: Bool {
    [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE].contains(extendedResultCode)
  }
}
