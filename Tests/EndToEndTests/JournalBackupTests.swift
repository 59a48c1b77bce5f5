import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A backup of the journal", .inTurn, .needsPython, .timeLimit(.minutes(40)))
struct JournalBackupTests {
  @Test("Made again and again beside a run, each copy is whole, alone and private, and the run notices nothing")
  func besideARun() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "works", steps: (1...40).map { "- {id: s\($0), shell: {run: sleep 0.05}}" }.joined(separator: "\n"))
    let folder = try TemporaryFolder()
    let run = try AndonProgram(environment: book.environment).start(["run", "works", "--auto", "--yes"])
    let journal = JournalFile(path: "\(book.state)/journal.db")
    try await eventually("the run is on record") { FileManager.default.fileExists(atPath: journal.path) }
    try await eventually("its first steps are on record") { (try? journal.entries.count) ?? 0 > 8 }
    var copies: [String] = []
    while run.isRunning || copies.isEmpty {
      let copy = folder.file("copy-\(copies.count).db")
      let backup = try await book.andon("journal", "backup", copy)
      #expect(backup.code == 0, "\(backup)")
      copies.append(copy)
    }
    let result = try await run.wait()
    #expect(result.code == 0, "\(result)")
    #expect(try await book.record().steps.count == 40)
    let whole = try journal.entries
    #expect(copies.count >= 2)
    for copy in copies {
      let copied = try JournalFile(path: copy).entries
      #expect(copied.map(\.hash) == whole.prefix(copied.count).map(\.hash) && copied.count > 8)
      let attributes = try FileManager.default.attributesOfItem(atPath: copy)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let head = try #require(copied.last)
      let verdict = try await book.andon("journal", "verify", copy, "--anchor", "\(head.seq):\(head.hash)")
      #expect(verdict.code == 0, "\(verdict)")
      let other = try await RunningProgram(
        [Repository.python ?? "", Repository.file("Tests/verify_journal.py"), copy],
        environment: ["PATH": "/usr/bin:/bin"]
      ).wait()
      #expect(other.code == 3 && other.stdout.hasPrefix("\(head.seq) entries"), "\(other)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names) == Set(copies.map { ($0 as NSString).lastPathComponent }), "nothing else lies beside them")
  }

  @Test("Whoever writes while a long journal is copied does not wait for it")
  func writersGoOn() async throws {
    let journal = try await BigJournal(entries: 60_000, incidents: 60)
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: ["PATH": "/usr/bin:/bin", "HOME": "/", "ANDON_STATE": journal.state])
    let backup = try andon.start(["journal", "backup", folder.path])
    try await eventually("the copy has begun") { try Self.drafts(in: folder.path).count == 1 }
    let note = try await andon.run(["note", "INC-61", "written meanwhile"])
    #expect(backup.isRunning, "the backup was over before anything could be written beside it")
    #expect(note.code == 0, "\(note)")
    let result = try await backup.wait(within: .seconds(300))
    #expect(result.code == 0, "\(result)")
    #expect(result.stdout.contains("head 60000:") || result.stdout.contains("head 60001:"), "\(result)")
  }

  @Test("In a folder it is called after its last entry, and made only when something was recorded since")
  func folder() async throws {
    let book = try await noted()
    let folder = try TemporaryFolder()
    let first = try await book.andon("journal", "backup", folder.path)
    #expect(first.code == 0 && first.stdout.hasPrefix("copied to \(folder.path)/journal-"), "\(first)")
    let again = try await book.andon("journal", "backup", folder.path)
    #expect(again.code == 0 && again.stdout.hasPrefix("nothing new since \(folder.path)/journal-"), "\(again)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    #expect(try await book.andon("note", "one more").code == 0)
    let later = try Record(try await book.andon("journal", "backup", folder.path, "--json")).json
    #expect(later.text("new") == "true" && later.text("file") != "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    let entries = try JournalFile(path: later.text("file")).entries
    #expect(later["head"]?.text("sequence") == "\(entries.count)" && later["head"]?.text("hash") == entries.last?.hash)
  }

  @Test("A file that is there is never replaced: 64, and it is as it was")
  func taken() async throws {
    let book = try await noted()
    let there = try book.folder.write("precious", to: "there.db")
    let refused = try await book.andon("journal", "backup", there)
    #expect(refused.code == 64 && refused.stderr.contains("there.db"), "\(refused)")
    #expect(try String(contentsOfFile: there, encoding: .utf8) == "precious")
    let nowhere = try await book.andon("journal", "backup", book.folder.file("no/such/folder/copy.db"))
    #expect(nowhere.code == 73, "\(nowhere)")
  }

  @Test(
    "A journal that was altered, or is shorter than an anchor saw, is not passed off as a good copy: 65, and no file")
  func altered() async throws {
    for (harm, word) in [
      ("UPDATE entry SET body = replace(body, 'word', 'sword') WHERE seq = 1", "entry 1 "),
      ("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)", "anchor"),
    ] {
      let book = try await noted()
      let journal = JournalFile(path: "\(book.state)/journal.db")
      let guards = try journal.sql("SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'")
      let names = try journal.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").split(separator: "\n")
      try journal.sql("\(names.map { "DROP TRIGGER \($0);" }.joined()) \(harm); \(guards)")
      let folder = try TemporaryFolder()
      let refused = try await book.andon("journal", "backup", folder.file("copy.db"))
      #expect(refused.code == 65 && refused.stderr.contains(word), "\(refused)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test("Killed in the middle it leaves no file of that name, and the next one takes away what it left")
  func killed() async throws {
    let journal = try await BigJournal(entries: 40_000, incidents: 40)
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: ["PATH": "/usr/bin:/bin", "HOME": "/", "ANDON_STATE": journal.state])
    let copy = folder.file("copy.db")
    let backup = try andon.start(["journal", "backup", copy])
    try await eventually("the copy has begun") { try Self.drafts(in: folder.path).count == 1 }
    backup.kill()
    #expect(try await backup.wait().code == -9)
    #expect(!FileManager.default.fileExists(atPath: copy))
    let next = try await andon.run(["journal", "backup", copy], within: .seconds(300))
    #expect(next.code == 0, "\(next)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["copy.db"])
  }

  /// A journal of a few entries, anchored.
  private func noted() async throws -> TestPlaybooks {
    let book = try TestPlaybooks()
    let opened = try await book.andon("incident", "open", "a word", "--severity", "P2", "--env", "test")
    #expect(opened.code == 0, "\(opened)")
    #expect(try await book.andon("note", "another word").code == 0)
    return book
  }

  static func drafts(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".draft") }
  }
}
