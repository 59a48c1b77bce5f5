internal import Foundation
internal import GRDB
public import IncidentModel

/// A new journal with the entries of an exported one: the same bytes, numbers and hashes, so that whatever was noted about
/// the one is true of the other.
public struct JournalImport: Sendable {
  public let path: String
  public let head: JournalHead

  /// Reads the export to its end, checks each entry as it comes, and gives the journal its name when all of it holds.
  /// - Parameters:
  ///   - lines: of the export.
  ///   - directory: where the journal is to be; made where there is none. There must not be a journal in it.
  public init(_ lines: inout LineReader, into directory: String) throws(CopyFailure) {
    path = "\(directory)/\(JournalFile.name)"
    if FileManager.default.fileExists(atPath: path) {
      throw .taken(
        Problem(
          "there is a journal in \(directory) already, and it was not touched",
          advice: "An import makes a new one: name another folder with --into DIR."))
    }
    do throws(JournalError) { try JournalFile.prepareFolder(directory) } catch { throw .unwritable(error.problem) }
    let draft = try Draft(of: path)
    do {
      let queue = try DatabaseQueue(path: draft.path, configuration: Self.configuration)
      head = try queue.writeWithoutTransaction { db in
        try JournalFile.migrate(db, path: draft.path)
        var head = JournalHead(sequence: 0, bytes: Chain.root)
        try db.inTransaction {
          head = try Self.insert(&lines, db)
          return .commit
        }
        return head
      }
      try queue.close()
    } catch let failure as CopyFailure { throw failure } catch {
      throw .unwritable(
        Problem("cannot write \(path): \(reason(error))", advice: "Free space, or name another folder."))
    }
    try draft.publish(as: path)
    // As whoever closes a journal does. That it could not be noted is for the next one to say.
    AnchorFile(directory: directory).append(head)
  }

  /// Nobody reads it before it is whole, and a half one is thrown away: nothing has to be undone or synced meanwhile.
  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      for setting in ["journal_mode = OFF", "synchronous = OFF", "trusted_schema = OFF"] {
        try db.execute(sql: "PRAGMA \(setting)")
      }
    }
    return configuration
  }

  private static func insert(_ lines: inout LineReader, _ db: Database) throws -> JournalHead {
    let statement = try db.makeStatement(sql: JournalFile.insertion)
    var (sequence, previous, isWhole) = (Int64(0), Chain.root, false)
    while let bytes = try lines.next() {
      if isWhole { throw altered("it goes on after entry \(sequence), which says that it is the last") }
      let entry = try ImportedEntry(bytes, after: sequence, previous)
      try statement.execute(arguments: [
        entry.sequence, Data(entry.hash), entry.body, entry.event.fact.kind.rawValue, entry.event.incident?.number,
        entry.event.run?.number,
      ])
      (sequence, previous, isWhole) = (entry.sequence, entry.hash, entry.isLast)
    }
    guard isWhole else {
      throw altered(
        sequence == 0
          ? "there is no entry in it" : "it was cut off after entry \(sequence), which does not say that it is the last"
      )
    }
    return JournalHead(sequence: sequence, bytes: previous)
  }

  static func altered(_ what: String) -> CopyFailure {
    .unusable(
      Problem(
        "this is not a journal as it was exported: \(what); nothing was imported",
        advice: "Export it once more, or take another copy of the export."))
  }
}

/// An entry from an export that follows the one before it.
private struct ImportedEntry {
  let sequence: Int64
  let hash: [UInt8]
  let body: String
  let event: Event
  let isLast: Bool

  init(_ bytes: [UInt8], after last: Int64, _ previous: [UInt8]) throws(CopyFailure) {
    sequence = last + 1
    func bad(_ why: String) -> CopyFailure { JournalImport.altered("entry \(last + 1) is the first bad one: \(why)") }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw bad("its line is not UTF-8") }
    guard let line = try? JSONDecoder().decode(ExportLine.self, from: Data(bytes)) else {
      throw bad("its line is not JSON with 'seq', 'hash' and 'body'")
    }
    guard line.seq == sequence else { throw bad("its line says that it is number \(line.seq)") }
    body = line.body
    hash = Chain.hash(sequence: sequence, previous: previous, body: Array(body.utf8))
    guard hash.hexText == line.hash else { throw bad("its content and its hash do not belong together") }
    guard let event = try? EventCoding.decode(Array(body.utf8)) else {
      throw bad("it is not an event that this andon knows")
    }
    self.event = event
    isLast = line.last ?? false
  }
}
