import Foundation
import GRDB
import IncidentModel
import Journaling
import TestSupport
import Testing

/// A clock that stands still, so that entries are the same bytes every time.
private let noon = ClockReading(wall: Timestamp(milliseconds: 1_900_000_000_000), boot: 1000, bootID: "test")

private func note(_ text: String, incident: Int? = 1, run: Int? = nil) -> Event {
  Event(
    at: noon, actor: "tester", incident: incident.map(IncidentID.init), run: run.map(RunID.init),
    .noted(Note(text: text, happened: nil, starred: false)))
}

private func runStarted(epoch: Int, run: Int = 1) -> Event {
  Event(
    at: noon, actor: "tester", run: RunID(number: run),
    .runResumed(RunResumption(owner: RunOwner(host: "h", pid: 1, epoch: epoch))))
}

@Suite struct JournalTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func journal() throws -> Journal { try Journal(directory: folder.path, redactor: Redactor()) }
  private var file: String { folder.file("journal.db") }

  private func verify(anchors: [JournalHead] = []) throws -> JournalVerifier.Report {
    try JournalVerifier(file: file).verify(anchors: anchors)
  }

  /// Changes the file behind the journal's back, as somebody with the file in hands could.
  private func tamper(_ statements: String...) throws {
    let queue = try DatabaseQueue(path: file)
    try queue.write { db in
      for trigger in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
        try db.execute(sql: "DROP TRIGGER \(trigger)")
      }
      for statement in statements { try db.execute(sql: statement) }
    }
    try queue.close()
  }

  @Test("what append returned from, another process can read at once")
  func appendedIsReadable() throws {
    let journal = try journal()
    try journal.append([note("one"), note("two")])
    let reader = try #require(try JournalReader(directory: folder.path))
    let texts = try reader.entries(of: IncidentID(number: 1)).map(\.event.fact)
    #expect(texts == [note("one").fact, note("two").fact])
  }

  @Test("events come back exactly as they were appended")
  func roundTrip() throws {
    let journal = try journal()
    let event = Event(
      at: noon, actor: "dana@ops1", incident: IncidentID(number: 3), run: RunID(number: 7), step: "a-step", attempt: 2,
      .stepActed(
        StepAct(
          result: ActionResult(.failed(Failure(.lockTimeout, "held by \"someone\"\nelse", advice: "wait"))),
          milliseconds: 12,
          outputs: ["rows": .list([.map(["v": .number(Number("70.1")!), "n": .null, "ok": .bool(true)])])])))
    try journal.append([event])
    #expect(try journal.reader.entries(of: RunID(number: 7)).map(\.event) == [event])
  }

  @Test("numbers of incidents and runs count from 1 and go on across processes")
  func numbering() throws {
    let first = try journal()
    try first.append { next in
      #expect(next.incident.description == "INC-1")
      #expect(next.run.description == "RUN-1")
      return [note("opening", incident: next.incident.number, run: next.run.number)]
    }
    first.close()
    try journal().append { next in
      #expect(next.incident.description == "INC-2")
      #expect(next.run.description == "RUN-2")
      return []
    }
  }

  @Test(
    "SQLite itself refuses to change, remove, replace or slip in an entry",
    arguments: [
      "UPDATE entry SET body = '{}' WHERE seq = 1", "DELETE FROM entry WHERE seq = 2",
      "INSERT OR REPLACE INTO entry (seq, hash, body) VALUES (1, zeroblob(32), '{}')",
      "INSERT INTO entry (seq, hash, body) VALUES (9, zeroblob(32), '{}')",
    ])
  func schemaRefuses(statement: String) throws {
    let journal = try journal()
    try journal.append([note("one"), note("two")])
    journal.close()
    let queue = try DatabaseQueue(path: file)
    #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: statement) } }
    try queue.close()
    guard case .unanchored(2) = try verify().verdict else { return #expect(Bool(false), "the entries were touched") }
  }

  @Test("a follower gets each entry once, in order, however they were written, and keeps nothing open meanwhile")
  func following() throws {
    let journal = try journal()
    try journal.append([note("one"), note("two")])
    var follower = JournalFollower(directory: folder.path, after: 1)
    #expect(try follower.news().map(\.sequence) == [2])
    #expect(try follower.news().isEmpty)
    try journal.append([note("three")])
    try journal.append([note("four"), note("five")])
    #expect(try follower.news().map(\.sequence) == [3, 4, 5])
    #expect(try follower.news().isEmpty)
    journal.close()
    #expect(!FileManager.default.fileExists(atPath: file + "-wal"), "somebody still had it open")
    let second = try self.journal()
    try second.append([note("six")])
    #expect(try follower.news().map(\.sequence) == [6])
  }

  @Test("what people record about incidents is listed in order with how incidents began")
  func peoplesEntries() throws {
    let journal = try journal()
    let edit = Event(
      at: noon, actor: "tester", incident: IncidentID(number: 1), .incidentEdited(IncidentEdit(title: "new")))
    let mark = Event(
      at: noon, actor: "tester", incident: IncidentID(number: 1),
      .milestoneReached(MilestoneMark(.detected, reached: noon.wall, source: "a test")))
    try journal.append([note("one"), edit, mark, edit])
    #expect(try journal.reader.lifecycle([.milestoneReached, .incidentEdited]).map(\.sequence) == [2, 3, 4])
    #expect(try journal.reader.entries(after: 2).map(\.sequence) == [3, 4])
  }

  @Test("a journal that was closed is whole, anchored, and one file without its write-ahead log")
  func closedIsAnchored() throws {
    let journal = try journal()
    try journal.append([note("one"), note("two"), note("three")])
    journal.close()
    #expect(!FileManager.default.fileExists(atPath: file + "-wal"))
    let anchors = JournalVerifier.anchors(in: JournalVerifier.defaultAnchorFile(for: file))
    #expect(try verify(anchors: anchors).verdict == .anchored)
  }

  @Test("entries after the last anchor, or without any, are never called anchored")
  func unanchoredIsSaid() throws {
    let journal = try journal()
    try journal.append([note("one")])
    let head = try journal.reader.head()
    try journal.append([note("two"), note("three")])
    journal.close()
    #expect(try verify().verdict == .unanchored(3))
    #expect(try verify(anchors: [head]).verdict == .unanchored(2))
  }

  @Test("one changed byte in any entry names that entry", arguments: 1...5)
  func changedEntryIsNamed(sequence: Int) throws {
    let journal = try journal()
    try journal.append((1...5).map { note("entry \($0)") })
    journal.close()
    try tamper(
      "UPDATE entry SET body = replace(body, 'entry \(sequence)', 'Entry \(sequence)') WHERE seq = \(sequence)")
    guard case .altered(let first, _) = try verify().verdict else {
      return #expect(Bool(false), "the change was not noticed")
    }
    #expect(first == Int64(sequence))
  }

  @Test("verifying changes nothing: no file appears beside the journal, also where none could")
  func verifyLeavesNothing() throws {
    let journal = try journal()
    try journal.append([note("one")])
    journal.close()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let anchors = JournalVerifier.anchors(in: JournalVerifier.defaultAnchorFile(for: file))
    #expect(try verify(anchors: anchors).verdict == .anchored)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test("an entry taken out of the middle is named")
  func deletedEntryIsNamed() throws {
    let journal = try journal()
    try journal.append((1...5).map { note("entry \($0)") })
    journal.close()
    try tamper("DELETE FROM entry WHERE seq = 3")
    guard case .altered(3, _) = try verify().verdict else { return #expect(Bool(false), "the gap was not noticed") }
  }

  @Test("entries cut off at the end are noticed by an anchor, and never called anchored without one")
  func truncationNeedsAnAnchor() throws {
    let journal = try journal()
    try journal.append((1...5).map { note("entry \($0)") })
    let head = try journal.reader.head()
    journal.close()
    try tamper("DELETE FROM entry WHERE seq > 3")
    for trigger in Self.triggers { try tamperKeepingTriggers(trigger) }
    #expect(try verify(anchors: [head]).verdict == .shortened(anchor: head))
    #expect(try verify().verdict == .unanchored(3))
  }

  /// The guards as the journal made them, to put back after tampering.
  private static let triggers = [
    "CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry\nBEGIN SELECT RAISE(ABORT, 'journal entries are final'); END",
    "CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry\nBEGIN SELECT RAISE(ABORT, 'journal entries are final'); END",
    "CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry\nWHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry)\nBEGIN SELECT RAISE(ABORT, 'journal entries follow one another'); END",
  ]

  private func tamperKeepingTriggers(_ statement: String) throws {
    let queue = try DatabaseQueue(path: file)
    try queue.write { try $0.execute(sql: statement) }
    try queue.close()
  }

  @Test("a journal whose guards were removed is called altered")
  func missingGuard() throws {
    let journal = try journal()
    try journal.append([note("one")])
    journal.close()
    try tamper()
    guard case .altered(0, let why) = try verify().verdict else { return #expect(Bool(false), "it was not noticed") }
    #expect(why.contains("guard"))
  }

  @Test("a process that was taken over cannot write into the run any more")
  func staleOwner() throws {
    let journal = try journal()
    let run = RunID(number: 1)
    try journal.append([runStarted(epoch: 1)])
    try journal.append([note("mine", run: 1)], as: (run, 1))
    try journal.append([runStarted(epoch: 2)])
    #expect(throws: JournalError.runTakenOver(run, RunOwner(host: "h", pid: 1, epoch: 2))) {
      try journal.append([note("late", run: 1)], as: (run, 1))
    }
    #expect(try journal.reader.entries(of: run).count == 3)
  }

  @Test("of many runs that one process drives, one that was taken over, by itself or by another process, is refused")
  func staleAmongMany() throws {
    let journal = try journal()
    for number in 1...3 {
      try journal.append([runStarted(epoch: 1, run: number)])
      try journal.append([note("mine", run: number)], as: (RunID(number: number), 1))
    }
    try journal.append([runStarted(epoch: 2, run: 2)])
    try journal.append([note("still mine", run: 1)], as: (RunID(number: 1), 1))
    let other = try self.journal()
    try other.append([runStarted(epoch: 2, run: 3)])
    other.close()
    for number in 2...3 {
      let run = RunID(number: number)
      #expect(throws: JournalError.runTakenOver(run, RunOwner(host: "h", pid: 1, epoch: 2))) {
        try journal.append([note("late", run: number)], as: (run, 1))
      }
    }
    try journal.append([note("still mine", run: 1)], as: (RunID(number: 1), 1))
  }

  @Test("two writers at once leave one unbroken chain")
  func concurrentWriters() async throws {
    let (first, second) = (try journal(), try journal())
    await withTaskGroup(of: Void.self) { group in
      for (journal, name) in [(first, "a"), (second, "b"), (first, "c")] {
        group.addTask { for index in 1...40 { _ = try? journal.append([note("\(name) \(index)")]) } }
      }
    }
    first.close()
    second.close()
    let report = try verify(anchors: JournalVerifier.anchors(in: JournalVerifier.defaultAnchorFile(for: file)))
    #expect(report.verdict == .anchored)
    #expect(report.head.sequence == 120)
  }

  @Test("a file of another kind, and one of a newer format, are refused and not touched")
  func foreignFiles() throws {
    let queue = try DatabaseQueue(path: file)
    try queue.write { try $0.execute(sql: "CREATE TABLE other (a)") }
    #expect(throws: JournalError.self) { try journal() }
    try queue.write { try $0.execute(sql: "DROP TABLE other; PRAGMA user_version = 99") }
    #expect(throws: JournalError.self) { try journal() }
    try queue.close()
  }

  @Test("a journal of format 1 verifies as it is, and the next writer brings it up to date without touching an entry")
  func formatOne() throws {
    let journal = try journal()
    try journal.append([note("one"), note("two")])
    journal.close()
    let queue = try DatabaseQueue(path: file)
    try queue.write { db in
      for name in [
        "of_people", "of_monitors", "of_figures", "by_incident", "by_run", "of_closing", "of_text", "of_message",
        "to_do", "of_settling",
      ] {
        try db.execute(sql: "DROP INDEX entry_\(name)")
      }
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    let before = try queue.read { try Row.fetchAll($0, sql: "SELECT seq, hash, body FROM entry") }
    try queue.close()
    #expect(try verify(anchors: []).verdict == .unanchored(2))

    let newer = try self.journal()
    try newer.append([note("three")])
    newer.close()
    let after = try DatabaseQueue(path: file)
    #expect(try after.read { try Row.fetchAll($0, sql: "SELECT seq, hash, body FROM entry WHERE seq <= 2") } == before)
    #expect(try after.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 4)
    try after.close()
    #expect(try verify(anchors: []).verdict == .unanchored(3))
  }

  @Test("the journal and its folder can be read by their owner alone")
  func permissions() throws {
    let directory = folder.file("fresh")
    let journal = try Journal(directory: directory, redactor: Redactor())
    try journal.append([note("one")])
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(directory) == 0o700)
    #expect(try mode("\(directory)/journal.db") == 0o600)
  }

  @Test(
    "a secret never reaches the file, whatever key it stands under",
    arguments: ["stdout", "id", "code", "state", "at", "from", "digest"])
  func secretsUnderAnyKey(key: String) throws {
    let redactor = Redactor()
    let canary = "canary-7f3a9c\"quoted"
    redactor.register(Secret(name: "TOKEN", value: canary))
    let journal = try Journal(directory: folder.path, redactor: redactor)
    let outputs: [String: Value] = ["json": .map([key: .text(canary), "list": .list([.map([key: .text(canary)])])])]
    let act = StepAct(result: ActionResult(.succeeded), milliseconds: 1, outputs: outputs)
    try journal.append([
      Event(at: noon, actor: "t", run: RunID(number: 1), step: "a", attempt: 1, .stepActed(act)),
      Event(
        at: noon, actor: "t", run: RunID(number: 1), step: "a",
        .stepFinished(StepEnd(state: .done, verification: .unverified, registered: [key: .text(canary)]))),
    ])
    journal.close()
    let bytes = try Data(contentsOf: URL(filePath: file))
    #expect(bytes.range(of: Data("canary-7f3a9c".utf8)) == nil)
    #expect(bytes.range(of: Data("[secret:TOKEN]".utf8)) != nil)
  }

  @Test("verifying a damaged file names it and never traps: bytes all over a small journal set to 0 and to 255")
  func damagedBytes() throws {
    let journal = try journal()
    try journal.append((1...3).map { note("entry \($0)") })
    let head = try journal.reader.head()
    journal.close()
    let whole = try Data(contentsOf: URL(filePath: file))
    let copy = folder.file("copy.db")
    let untouched = try entries(of: file)
    // The last pages hold what there is; stepping through the empty rest of each page would prove nothing more.
    for place in stride(from: 0, to: whole.count, by: Figures.tries(quick: 19, long: 1)) {
      for byte in [UInt8(0), 255] where whole[place] != byte {
        var damaged = whole
        damaged[place] = byte
        try damaged.write(to: URL(filePath: copy))
        let verdict = (try? JournalVerifier(file: copy))?.verify(anchors: [head]).verdict
        if verdict == .anchored { #expect(try entries(of: copy) == untouched, "byte \(place) set to \(byte)") }
      }
    }
  }

  private func entries(of file: String) throws -> [StoredEntry] {
    var entries: [StoredEntry] = []
    try JournalReader(file: file).forEachEntry {
      entries.append($0)
      return true
    }
    return entries
  }

  @Test(
    "A file that a process left blank when it died holds no entry and none that is altered", arguments: [true, false])
  func blankFile(hasHeader: Bool) throws {
    try folder.write("", to: "journal.db")
    if hasHeader { try DatabaseQueue(path: file).inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") } }
    #expect(try verify().verdict == .unanchored(0))
    #expect(StateFolder(path: folder.path).troubleAtHead() == nil)
    let anchor = JournalHead(sequence: 3, hash: String(repeating: "a", count: 64))
    #expect(try verify(anchors: [anchor]).verdict == .shortened(anchor: anchor))
    let entries = try journal().append([note("first")])
    #expect(entries.first?.sequence == 1)
  }
}
