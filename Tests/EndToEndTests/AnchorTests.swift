import Foundation
import TestSupport
import Testing

/// Heads of the journal outside of it, and what they show once somebody with the file in hands has been at it.
@Suite("Anchors", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct AnchorTests {
  private static let environment = """
    {db: {postgres: "env:DB"}}
    anchors: {connection: db, table: andon_anchors}
    """

  /// Playbooks with one that does nothing much, and a database with the table that the documentation tells to make.
  private func stage(_ database: ScratchDatabase, table: Bool = true) throws -> TestPlaybooks {
    if table { for statement in try Self.documented(for: database) { try database.query(statement) } }
    let book = try TestPlaybooks(connections: Self.environment, variables: ["DB": database.url])
    try book.add("look", steps: "- {id: see, command: {run: [echo, seen]}, timeout: 5s, effect: read}")
    return book
  }

  /// The statements of docs/anchors.md, for the role of this database.
  private static func documented(for database: ScratchDatabase) throws -> [String] {
    let page = try String(contentsOfFile: Repository.file("docs/anchors.md"), encoding: .utf8)
    let block = try #require(
      page.components(separatedBy: "```sql\n").dropFirst().first?.components(separatedBy: "\n```").first)
    return block.components(separatedBy: "\n\n").map { $0.replacing(" TO andon", with: " TO \(database.name)") }
  }

  private func head(_ book: TestPlaybooks) throws -> (seq: Int, hash: String) {
    let last = try #require(try JournalFile(path: "\(book.state)/journal.db").entries.last)
    return (last.seq, last.hash)
  }

  /// Cuts off the end and makes the file beside the journal say that this is how it was.
  private func cutOff(_ count: Int, _ book: TestPlaybooks) throws {
    let journal = JournalFile(path: "\(book.state)/journal.db")
    let guards = try journal.sql("SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger'")
    let names = try journal.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").split(separator: "\n")
    let drops = names.map { "DROP TRIGGER \($0);" }.joined()
    try journal.sql("\(drops) DELETE FROM entry WHERE seq > (SELECT max(seq) - \(count) FROM entry); \(guards)")
    let left = try head(book)
    try book.folder.write("\(left.seq):\(left.hash)\n", to: "state/anchors.txt")
  }

  @Test(
    "A run leaves its head in the table, once; with it the journal is whole and anchored, and where it stands is said")
  func noted() async throws {
    let database = try ScratchDatabase()
    let book = try stage(database)
    #expect(try await book.run("look").code == 0)
    let head = try head(book)
    let rows = try database.query("SELECT journal, seq, head FROM andon_anchors")
    #expect(rows.count == 1)
    #expect(rows[0][0]?.hasSuffix(":\(book.state)/journal.db") == true, "\(rows)")
    #expect(rows[0][1] == "\(head.seq)" && rows[0][2] == head.hash, "\(rows)")
    try FileManager.default.removeItem(atPath: "\(book.state)/anchors.txt")
    let bare = try await book.andon("journal", "verify")
    #expect(bare.code == 3 && bare.stdout.contains("there is no anchor at all"), "\(bare)")
    let asked = try await book.andon("journal", "verify", "--anchors-from", "test")
    #expect(asked.code == 0 && asked.stdout.contains("1 in andon_anchors of 'db'"), "\(asked)")
  }

  @Test("Anchors in the table cannot be taken back over the connection that noted them")
  func insertOnly() async throws {
    let database = try ScratchDatabase()
    let book = try stage(database)
    #expect(try await book.run("look").code == 0)
    let session = try database.foreignSession(named: "a thief")
    for statement in ["UPDATE andon_anchors SET seq = 1", "DELETE FROM andon_anchors", "TRUNCATE andon_anchors"] {
      #expect(throws: (any Error).self) { try session.run(statement) }
      #expect(throws: (any Error).self) { try database.query(statement) }
    }
    session.close()
    #expect(try database.value("SELECT count(*) FROM andon_anchors") == "1")
  }

  @Test("Cut off at its end, with the file beside it made to fit: only the table knows, and it tells")
  func shortened() async throws {
    let database = try ScratchDatabase()
    defer { withExtendedLifetime(database) {} }
    let book = try stage(database)
    #expect(try await book.run("look").code == 0)
    try cutOff(2, book)
    #expect(try await book.andon("journal", "verify").code == 0)
    let asked = try await book.andon("journal", "verify", "--anchors-from", "test")
    #expect(asked.code == 2 && asked.stdout.contains("SHORTENED"), "\(asked)")
  }

  @Test("Deleted and begun anew in the same place: the anchors of the former journal stand against it")
  func begunAnew() async throws {
    let database = try ScratchDatabase()
    defer { withExtendedLifetime(database) {} }
    let book = try stage(database)
    for _ in 0..<2 { #expect(try await book.run("look").code == 0) }
    try FileManager.default.removeItem(atPath: book.state)
    #expect(try await book.run("look").code == 0)
    let asked = try await book.andon("journal", "verify", "--anchors-from", "test")
    #expect([1, 2].contains(asked.code), "\(asked)")
  }

  @Test("A copy is checked under the name of the journal it was made of")
  func copied() async throws {
    let database = try ScratchDatabase()
    let book = try stage(database)
    #expect(try await book.run("look").code == 0)
    let copy = try JournalFile(path: "\(book.state)/journal.db").copied(to: book.folder.file("copy.db"))
    let unknown = try await book.andon("journal", "verify", copy.path, "--anchors-from", "test")
    #expect(unknown.code == 3, "\(unknown)")
    let name = try #require(try database.value("SELECT journal FROM andon_anchors"))
    let known = try await book.andon("journal", "verify", copy.path, "--anchors-from", "test", "--journal", name)
    #expect(known.code == 0, "\(known)")
  }

  @Test("A table that is not there changes nothing about the run; that it got no anchor is shown and recorded")
  func noTable() async throws {
    let database = try ScratchDatabase()
    let book = try stage(database, table: false)
    let run = try await book.run("look")
    #expect(run.code == 0, "\(run)")
    #expect(run.output.contains("was not noted in andon_anchors of 'db'"), "\(run)")
    let notes = try JournalFile(path: "\(book.state)/journal.db").entries.filter {
      $0.body.contains("\"kind\":\"note\"")
    }
    #expect(notes.count == 1 && notes[0].body.contains("andon_anchors") && notes[0].body.contains("\"run\":\"RUN-1\""))
    #expect(try await book.andon("journal", "verify").code == 0)
    let asked = try await book.andon("journal", "verify", "--anchors-from", "test")
    #expect(asked.code == 69, "\(asked)")
    #expect(try await book.andon("journal", "anchor", "--env", "test").code == 69)
  }

  @Test("A file elsewhere gets the head after each command that writes, and tells when the journal falls behind it")
  func elsewhere() async throws {
    let database = try ScratchDatabase()
    defer { withExtendedLifetime(database) {} }
    let book = try stage(database)
    let file = book.folder.file("elsewhere/anchors.txt")
    try book.folder.write("", to: "elsewhere/anchors.txt")
    #expect(try await book.andon("run", "look", "--auto", changing: ["ANDON_ANCHORS": file]).code == 0)
    let opened = try await book.andon("incident", "open", "x", "--severity", "P3", changing: ["ANDON_ANCHORS": file])
    #expect(opened.code == 0, "\(opened)")
    let head = try head(book)
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2 && lines[1] == "\(head.seq):\(head.hash)", "\(lines)")
    #expect(try await book.andon("journal", "verify", changing: ["ANDON_ANCHORS": file]).code == 0)
    try cutOff(1, book)
    #expect(try await book.andon("journal", "verify").code == 0)
    #expect(try await book.andon("journal", "verify", changing: ["ANDON_ANCHORS": file]).code == 2)
    #expect(try await book.andon("journal", "verify", "--anchors", file).code == 2)
  }

  @Test("A file elsewhere that cannot be written is told about and recorded, and the command does what it was for")
  func unwritable() async throws {
    let database = try ScratchDatabase()
    defer { withExtendedLifetime(database) {} }
    let book = try stage(database)
    let nowhere = book.folder.file("missing/anchors.txt")
    let run = try await book.andon("run", "look", "--auto", changing: ["ANDON_ANCHORS": nowhere])
    #expect(run.code == 0 && run.stderr.contains("was not noted in \(nowhere)"), "\(run)")
    let last = try #require(try JournalFile(path: "\(book.state)/journal.db").entries.last)
    #expect(last.body.contains("was not noted in \(nowhere)"), "\(last.body)")
    #expect(try await book.andon("journal", "verify").code == 0)
    let verify = try await book.andon("journal", "verify", changing: ["ANDON_ANCHORS": nowhere])
    #expect(verify.code == 65 && verify.output.contains(nowhere), "\(verify)")
  }

  @Test("A head can be noted at any time; without a place for it that is said")
  func byHand() async throws {
    let database = try ScratchDatabase()
    let book = try stage(database)
    #expect(try await book.andon("incident", "open", "x", "--severity", "P3").code == 0)
    #expect(try await book.andon("journal", "anchor").code == 64)
    let file = book.folder.file("anchors-elsewhere.txt")
    // As a power cut may have left it.
    try book.folder.write("7:half a li", to: "anchors-elsewhere.txt")
    let noted = try await book.andon("journal", "anchor", "--env", "test", changing: ["ANDON_ANCHORS": file])
    #expect(noted.code == 0, "\(noted)")
    #expect(try database.value("SELECT count(*) FROM andon_anchors") == "1")
    let verify = try await book.andon("journal", "verify", "--anchors", file)
    #expect(verify.code == 0 && verify.stdout.contains("1 in \(file) (1 of its lines are none)"), "\(verify)")
  }
}
