import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Tampering with the journal", .inTurn, .needsDatabase, .needsPython, .timeLimit(.minutes(40)))
struct TamperingTests {
  /// A journal of a whole pull, as one file in a folder of its own, with the anchors beside it.
  private func copy(_ platform: Platform, anchors: Bool = true) async throws -> JournalFile {
    if !platform.hasJournal { #expect(try await platform.pull().code == 4) }
    let folder = platform.folder.file("copy-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if anchors {
      try FileManager.default.copyItem(atPath: "\(platform.state)/anchors.txt", toPath: "\(folder)/anchors.txt")
    }
    return try JournalFile(platform).copied(to: "\(folder)/journal.db")
  }

  /// What both verifiers say. They have to agree.
  private func verdict(_ journal: JournalFile, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws
    -> ProgramResult
  {
    let before = try Data(contentsOf: URL(filePath: journal.path))
    let result = try await AndonProgram(environment: ["PATH": "/usr/bin:/bin", "HOME": "/"]).run([
      "journal", "verify", journal.path,
    ])
    let other = try await RunningProgram(
      [Repository.python ?? "", Repository.file("Tests/verify_journal.py"), journal.path],
      environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    #expect(result.code == other.code, "they disagree: \(result)\n\(other)", sourceLocation: sourceLocation)
    #expect(
      try Data(contentsOf: URL(filePath: journal.path)) == before, "verifying changed the file",
      sourceLocation: sourceLocation)
    return result
  }

  @Test("An untouched copy is whole and anchored for both verifiers; without its anchors it is only valid")
  func untouched() async throws {
    let platform = try Platform()
    let whole = try await verdict(copy(platform))
    #expect(whole.code == 0, "\(whole)")
    let bare = try await verdict(copy(platform, anchors: false))
    #expect(bare.code == 3, "\(bare)")
    #expect(bare.stdout.contains("NOT ANCHORED"))
  }

  @Test(
    "One byte of an entry changed: altered, and the entry is named", arguments: [0.0, 0.3, 0.6, 1.0], [0.0, 0.4, 1.0])
  func oneByte(which: Double, place: Double) async throws {
    let platform = try Platform()
    let journal = try await copy(platform)
    let entries = try journal.entries
    let entry = entries[Int(Double(entries.count - 1) * which)]
    var bytes = try Data(contentsOf: URL(filePath: journal.path))
    // In the file, a body stands right after its hash; only a long one goes on elsewhere.
    let hash = Data(
      stride(from: 0, to: 64, by: 2).compactMap { index in
        UInt8(entry.hash.dropFirst(index).prefix(2), radix: 16)
      })
    let body = try #require(bytes.range(of: hash)).upperBound
    let found = body + Int(Double(min(entry.body.utf8.count, 450) - 1) * place)
    bytes[found] = bytes[found] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
    try bytes.write(to: URL(filePath: journal.path))
    let result = try await verdict(journal)
    #expect(result.code == 1, "\(result)")
    #expect(result.stdout.contains("entry \(entry.seq) "), "\(result)")
  }

  /// Deletes entries the way somebody would who knows SQLite: the guards go, and come back as they were.
  private func delete(_ condition: String, from journal: JournalFile) throws {
    let guards = try journal.sql("SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'")
    let names = try journal.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").split(separator: "\n")
    let drops = names.map { "DROP TRIGGER \($0);" }.joined()
    try journal.sql("\(drops) DELETE FROM entry WHERE \(condition); \(guards)")
  }

  @Test(
    "Cut off at its end: shorter than an anchor; without anchors it is valid, and said not to be anchored",
    arguments: [1, 5])
  func cutOff(count: Int) async throws {
    let platform = try Platform()
    for (anchors, code) in [(true, Int32(2)), (false, 3)] {
      let journal = try await copy(platform, anchors: anchors)
      try delete("seq > (SELECT max(seq) - \(count) FROM entry)", from: journal)
      let result = try await verdict(journal)
      #expect(result.code == code, "\(result)")
    }
  }

  @Test("An entry taken out of the middle: altered, and the gap is named")
  func takenOut() async throws {
    let platform = try Platform()
    let journal = try await copy(platform)
    try delete("seq = 5", from: journal)
    let result = try await verdict(journal)
    #expect(result.code == 1, "\(result)")
    #expect(result.stdout.contains("entry 5 "))
  }

  @Test("Rewritten from an entry on with a fresh chain: the anchors give it away")
  func rechained() async throws {
    let platform = try Platform()
    let journal = try await copy(platform)
    let script = """
      import hashlib, sqlite3, sys
      db = sqlite3.connect(sys.argv[1]); db.text_factory = bytes
      guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
      for name, _ in guards: db.execute(b"DROP TRIGGER ".decode() + name.decode())
      previous = bytes(32)
      for seq, body in db.execute("SELECT seq, body FROM entry ORDER BY seq").fetchall():
          if seq == 6: body = body.replace(b"responder", b"Responder")
          previous = hashlib.sha256(b"andon-journal-1\\0" + seq.to_bytes(8, "big") + previous + body).digest()
          db.execute("UPDATE entry SET body = ?, hash = ? WHERE seq = ?", (body.decode(), previous, seq))
      for _, sql in guards: db.execute(sql.decode())
      db.commit()
      """
    let done = try await RunningProgram(
      [Repository.python ?? "", "-c", script, journal.path], environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    #expect(done.code == 0, "\(done)")
    let result = try await verdict(journal)
    #expect(result.code == 1, "\(result)")
    #expect(result.stdout.contains("anchor"))
    let head = try #require(try JournalFile(platform).entries.last)
    try FileManager.default.removeItem(atPath: journal.path.replacing("journal.db", with: "anchors.txt"))
    let elsewhere = try await AndonProgram(environment: [:]).run(
      ["journal", "verify", journal.path, "--anchor", "\(head.seq):\(head.hash)"])
    #expect(elsewhere.code == 1, "\(elsewhere)")
  }

  @Test(
    "The file itself refuses to be changed: by UPDATE, DELETE, REPLACE and a number out of turn",
    arguments: [
      "UPDATE entry SET body = 'x' WHERE seq = 1", "DELETE FROM entry WHERE seq = 3",
      "INSERT OR REPLACE INTO entry SELECT seq, hash, 'x', kind, incident, run FROM entry WHERE seq = 2",
      "INSERT INTO entry SELECT seq + 1000, hash, body, kind, incident, run FROM entry WHERE seq = 2",
    ])
  func guarded(statement: String) async throws {
    let platform = try Platform()
    let journal = try await copy(platform)
    #expect(throws: JournalFile.Refusal.self) { try journal.sql(statement) }
    #expect(try await verdict(journal).code == 0)
  }

  @Test("A guard taken away is noticed")
  func guardGone() async throws {
    let platform = try Platform()
    let journal = try await copy(platform)
    try journal.sql("DROP TRIGGER entry_never_leaves")
    let result = try await AndonProgram(environment: [:]).run(["journal", "verify", journal.path])
    #expect(result.code == 1, "\(result)")
    #expect(result.stdout.contains("entry_never_leaves"))
  }

  @Test("A folder, the folder one is in, and a pipe are no journal: refused at once, and nothing is copied")
  func noFile() async throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.file("pipe"), 0o600)
    for path in [folder.path, ".", folder.file("pipe")] {
      let result = try await AndonProgram(environment: ["TMPDIR": folder.path]).run(
        ["journal", "verify", path], within: .seconds(20))
      #expect(result.code == 65 && result.stderr.contains("is no plain file"), "\(path): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["pipe"])
  }

  @Test("No journal at all, garbage and an empty file each get a sentence", arguments: ["garbage", "empty"])
  func garbage(kind: String) async throws {
    let folder = try TemporaryFolder()
    let text = kind == "empty" ? "" : String(repeating: "not a database at all. ", count: 500)
    let path = try folder.write(text, to: "journal.db")
    let result = try await AndonProgram(environment: [:]).run(["journal", "verify", path])
    #expect(result.code == (kind == "empty" ? 3 : 1), "\(result)")
    #expect(result.output.contains(path), "\(result)")
  }
}
