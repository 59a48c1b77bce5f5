internal import CLinux
internal import Foundation
import GRDB
import Glibc
internal import IncidentModel

/// How the journal lies on the disk: folder, file, settings, schema.
enum JournalFile {
  static let name = "journal.db"

  /// Makes the folder and an empty file that only the owner can read, and refuses network file systems, where
  /// locks and syncs cannot be relied on.
  static func prepare(directory: String) throws(JournalError) {
    try prepareFolder(directory)
    let path = "\(directory)/\(name)"
    if access(path, F_OK) != 0 {
      try FailPoint.pass("journal.before-create") { JournalError.cannotWrite(path, $0) }
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      if descriptor < 0 { throw .cannotWrite(path, String(cString: strerror(errno))) }
      close(descriptor)
    } else if access(path, R_OK | W_OK) != 0 {
      throw .cannotWrite(path, String(cString: strerror(errno)))
    }
  }

  /// Makes the folder where there is none, and refuses network file systems.
  static func prepareFolder(_ directory: String) throws(JournalError) {
    try PrivateFolder.make(directory)
    if let kind = networkFileSystems[clinux_file_system_kind(directory)] {
      throw .cannotWrite(directory, "it lies on \(kind), where a journal can be lost or doubled")
    }
  }

  static let networkFileSystems: [Int: String] = [
    0x6969: "NFS", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB", 0x0BD0_0BD0: "Lustre", 0x0102_1997: "9P",
  ]

  /// How long is waited for another process, unless somebody is in a hurry.
  static let patience = Duration.seconds(5)

  static func configuration(readOnly: Bool, patience: Duration = patience) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(Double(patience.wholeMilliseconds) / 1000)
    if !readOnly { configuration.journalMode = .wal }
    configuration.prepareDatabase { db in
      if !readOnly { try db.execute(sql: "PRAGMA recursive_triggers = ON") }
      try db.execute(sql: "PRAGMA mmap_size = 0")
      try db.execute(sql: "PRAGMA trusted_schema = OFF")
      try db.execute(sql: "PRAGMA cell_size_check = ON")
    }
    return configuration
  }

  /// Asked anew once the file is open: SQLite names the mode that was asked for before it is on the disk, and a sync that
  /// fails on the way leaves the one before it without a word.
  static func refuseOtherMode(_ db: Database, path: String) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
    if mode != "wal" { throw JournalError.cannotWrite(path, "the disk reported an error while it was opened") }
  }

  /// A commit that returned survives a power cut. Asked for when the file is open: GRDB opens WAL journals with less.
  static func syncEveryCommit(_ db: Database) throws { try db.execute(sql: "PRAGMA synchronous = FULL") }

  /// Makes the schema in an empty file, or brings an older one up to date; refuses a file of another kind or of a newer
  /// format.
  static func migrate(_ db: Database, path: String) throws {
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    if version == Schema4.version { return }
    guard (0..<Schema4.version).contains(version) else {
      throw JournalError.notAJournal(path, "it has format \(version), this andon knows format \(Schema4.version)")
    }
    try db.inTransaction(.immediate) {
      // Another process may have done it while this one waited.
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      if version == 0 {
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
          throw JournalError.notAJournal(path, "it holds other tables")
        }
        for statement in Schema1.statements { try db.execute(sql: statement) }
        try db.execute(sql: "PRAGMA application_id = \(Schema1.applicationID)")
      }
      if version < Schema2.version { for statement in Schema2.statements { try db.execute(sql: statement) } }
      if version < Schema3.version { for statement in Schema3.statements { try db.execute(sql: statement) } }
      if version < Schema4.version { for statement in Schema4.statements { try db.execute(sql: statement) } }
      try db.execute(sql: "PRAGMA user_version = \(Schema4.version)")
      return .commit
    }
  }

  static let insertion = "INSERT INTO entry (seq, hash, body, kind, incident, run) VALUES (?, ?, ?, ?, ?, ?)"

  static func rawHead(_ db: Database) throws -> (sequence: Int64, hash: [UInt8]) {
    let statement = try db.cachedStatement(sql: "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")
    guard let row = try Row.fetchOne(statement) else { return (0, Chain.root) }
    return (row["seq"], [UInt8](Data.fromDatabaseValue(row["hash"] as DatabaseValue) ?? Data()))
  }

  static func head(_ db: Database) throws -> JournalHead {
    let head = try rawHead(db)
    return JournalHead(sequence: head.sequence, bytes: head.hash)
  }

  static func nextNumbers(_ db: Database) throws -> NextNumbers {
    func last(_ column: String) throws -> Int {
      let statement = try db.cachedStatement(sql: "SELECT max(\(column)) FROM entry WHERE \(column) IS NOT NULL")
      return try Int.fetchOne(statement) ?? 0
    }
    return NextNumbers(
      incident: IncidentID(number: try last("incident") + 1), run: RunID(number: try last("run") + 1))
  }

  /// A process that was taken for dead and wakes up must not write into a run that has a new owner.
  static func refuseStale(_ owner: (run: RunID, epoch: Int), _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT body FROM entry INDEXED BY entry_by_run
        WHERE kind IN \(Schema4.listedKinds) AND kind IN ('run.started', 'run.resumed') AND run = ?
        ORDER BY seq DESC LIMIT 1
        """)
    guard let body = try String.fetchOne(statement, arguments: [owner.run.number]) else { return }
    let latest =
      switch try EventCoding.decode(Array(body.utf8)).fact {
      case .runStarted(let start): start.owner
      case .runResumed(let resumption): resumption.owner
      default: RunOwner(host: "", pid: 0, epoch: owner.epoch)
      }
    if latest.epoch != owner.epoch { throw JournalError.runTakenOver(owner.run, latest) }
  }
}

/// An error of SQLite or the file system in a few words.
func reason(_ error: any Error) -> String {
  if let error = error as? DatabaseError {
    return switch error.resultCode {
    case .SQLITE_FULL: "the disk is full"
    case .SQLITE_READONLY: "it is read-only"
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_WRITE:
      "the disk did not take the write; it is full, or failing"
    case .SQLITE_IOERR: "the disk reported an error (\(error.extendedResultCode))"
    case .SQLITE_CANTOPEN: "it cannot be opened"
    case .SQLITE_CORRUPT: "it is damaged; check it with: andon journal verify"
    case .SQLITE_NOTADB: "it is not an SQLite file"
    default: error.message ?? "\(error.resultCode)"
    }
  }
  if let error = error as? CocoaError, let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error {
    return reason(cause)
  }
  if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
  return error.localizedDescription
}
