import Foundation
import TestSupport
import Testing

@Suite("Journals that are exported and imported again", .inTurn, .needsPython, .timeLimit(.minutes(40)))
struct JournalImportTests {
  private func exported(_ book: TestPlaybooks) async throws -> String {
    let file = book.folder.file("export-\(UUID().uuidString.prefix(8)).jsonl")
    let export = try await book.andon("journal", "export", "--out", file)
    #expect(export.code == 0, "\(export)")
    return file
  }

  /// A run with output that needs escaping, a note, and a playbook's text.
  private func worked() async throws -> TestPlaybooks {
    let book = try TestPlaybooks()
    try book.add(
      "works", top: "severity: P2",
      steps: #"- {id: a, shell: {run: 'printf "tab\t quote\" slash/ back\\\\ ünïcode 🚦 \001"'}}"#)
    #expect(try await book.run("works").code == 0)
    #expect(try await book.andon("note", "a \"quoted\" \\ word").code == 0)
    return book
  }

  private func state(_ book: TestPlaybooks, _ folder: String) -> AndonProgram {
    AndonProgram(environment: book.environment.merging(["ANDON_STATE": folder]) { _, new in new })
  }

  @Test("What was exported makes the same journal again: bytes, numbers, hashes, texts, reports; and it goes on")
  func roundTrip() async throws {
    let book = try await worked()
    let export = try await exported(book)
    let target = book.folder.file("restored/here")
    let imported = try await book.andon("journal", "import", export, "--into", target)
    let original = try JournalFile(path: "\(book.state)/journal.db").entries
    let head = try #require(original.last)
    #expect(imported.code == 0 && imported.stdout.contains("head \(head.seq):\(head.hash)"), "\(imported)")
    let copy = try JournalFile(path: "\(target)/journal.db").entries
    #expect(copy.map(\.body) == original.map(\.body) && copy.map(\.hash) == original.map(\.hash))
    try await expectWhole("\(target)/journal.db")
    let mode = try FileManager.default.attributesOfItem(atPath: "\(target)/journal.db")[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let restored = state(book, target)
    let again = try await restored.run(["journal", "export"])
    #expect(again.stdout == (try String(contentsOfFile: export, encoding: .utf8)))
    for command in [["history"], ["show", "RUN-1"], ["postmortem", "create", "INC-1", "--out", "-"]] {
      let (here, there) = (try await state(book, book.state).run(command), try await restored.run(command))
      #expect(here.code == 0 && here.stdout == there.stdout, "\(command): \(there)")
    }
    let run = try await restored.run(["run", "works", "--auto", "--yes"])
    #expect(run.code == 0 && run.output.contains("RUN-2"), "\(run)")
    try await expectWhole("\(target)/journal.db")
  }

  @Test("Through a pipe it is the same; a terminal in its place is refused")
  func pipe() async throws {
    let book = try await worked()
    let script = "\"$0\" journal export | \"$0\" journal import - --into \"$1\""
    let target = book.folder.file("piped")
    let piped = try await RunningProgram(
      ["/bin/sh", "-c", script, AndonProgram.path, target], environment: book.environment
    ).wait()
    #expect(piped.code == 0, "\(piped)")
    try await expectWhole("\(target)/journal.db")
    let typed = try await book.terminal("journal", "import", "-", "--into", book.folder.file("typed")).wait(
      within: .seconds(30))
    #expect(typed.code == 64)
  }

  @Test("A folder that has a journal is refused, and the journal is as it was")
  func taken() async throws {
    let book = try await worked()
    let export = try await exported(book)
    let before = try Data(contentsOf: URL(filePath: "\(book.state)/journal.db"))
    let refused = try await book.andon("journal", "import", export)
    #expect(refused.code == 64 && refused.stderr.contains("--into"), "\(refused)")
    #expect(try Data(contentsOf: URL(filePath: "\(book.state)/journal.db")) == before)
    let file = try book.folder.write("", to: "file")
    #expect(try await book.andon("journal", "import", export, "--into", "\(file)/below").code == 73)
  }

  struct Harm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the refusal names.
    let word: String
    let harm: @Sendable ([UInt8]) -> [UInt8]

    init(_ name: String, names word: String, _ harm: @escaping @Sendable ([UInt8]) -> [UInt8]) {
      (testDescription, self.word, self.harm) = (name, word, harm)
    }

    /// Does it to the lines, without their ends.
    init(lines name: String, names word: String, _ harm: @escaping @Sendable (inout [[UInt8]]) -> Void) {
      self.init(name, names: word) { bytes in
        var lines = bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
        harm(&lines)
        return lines.flatMap { $0 + [UInt8(ascii: "\n")] }
      }
    }
  }

  private static func replacing(_ text: String, by other: String, in line: [UInt8]) -> [UInt8] {
    Array(String(decoding: line, as: UTF8.self).replacing(text, with: other, maxReplacements: 1).utf8)
  }

  static let harms = [
    Harm(lines: "a word of an entry changed", names: "entry 3 is the first bad one") {
      $0[2] = replacing("tester", by: "jester", in: $0[2])
    },
    Harm(lines: "a hash changed", names: "entry 2 is the first bad one") {
      $0[1] = replacing(#""hash":""#, by: #""hash":"0"#, in: $0[1])
    },
    Harm(lines: "two entries swapped", names: "entry 3 is the first bad one") { $0.swapAt(2, 3) },
    Harm(lines: "an entry taken out", names: "entry 4 is the first bad one") { $0.remove(at: 3) },
    Harm(lines: "an entry told twice", names: "entry 5 is the first bad one") { $0.insert($0[3], at: 4) },
    Harm(lines: "the last entry missing", names: "it was cut off after entry") { $0.removeLast() },
    Harm(lines: "more after the last", names: "goes on after entry") { $0.append($0[0]) },
    Harm(lines: "another number", names: "entry 2 is the first bad one") {
      $0[1] = replacing(#""seq":2"#, by: #""seq":99999999999999999999"#, in: $0[1])
    },
    Harm(lines: "a line that is no JSON", names: "entry 2 is the first bad one") { $0[1] = Array("{".utf8) },
    Harm(lines: "a line of nothing but brackets", names: "entry 2 is the first bad one") {
      $0[1] = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
    },
    Harm(lines: "a line that is not UTF-8", names: "entry 2 is the first bad one") { $0[1][30] = 0xFF },
    Harm(lines: "a line without an end in sight", names: "line 2 is longer than any entry") {
      $0[1] = [UInt8](repeating: UInt8(ascii: "x"), count: 40 << 20)
    },
    Harm("cut off in the middle of a line", names: "in the middle of line") { Array($0.dropLast(40)) },
    Harm("nothing at all", names: "no entry in it") { _ in [] },
    Harm("no export", names: "entry 1 is the first bad one") { _ in [0, 1, 2, 255, 10] },
  ]

  @Test(
    "An export that was changed, cut off or made up is refused with the first bad entry: 65, and nothing is there",
    arguments: harms)
  func harmed(_ harm: Harm) async throws {
    let book = try await worked()
    let export = try await exported(book)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: export)))
    let bad = try book.folder.write(bytes: harm.harm(bytes), to: "bad.jsonl")
    let target = book.folder.file("target")
    let refused = try await book.andon("journal", "import", bad, "--into", target)
    #expect(refused.code == 65 && refused.stderr.contains(harm.word), "\(refused)")
    let left = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []
    #expect(left.isEmpty, "\(left)")
  }

  @Test("Killed in the middle of an import, no journal is there, and the next import makes it")
  func killed() async throws {
    let journal = try await BigJournal(entries: 20_000, incidents: 20)
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: ["PATH": "/usr/bin:/bin", "HOME": "/", "ANDON_STATE": journal.state])
    let export = folder.file("export.jsonl")
    #expect(try await andon.run(["journal", "export", "--out", export]).code == 0)
    let target = folder.file("target")
    let first = try andon.start(["journal", "import", export, "--into", target])
    try await eventually("the import has begun") {
      (try? JournalBackupTests.drafts(in: target))?.count == 1
    }
    first.kill()
    #expect(try await first.wait().code == -9)
    #expect(!FileManager.default.fileExists(atPath: "\(target)/journal.db"))
    let next = try await andon.run(["journal", "import", export, "--into", target], within: .seconds(300))
    #expect(next.code == 0, "\(next)")
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: target)) == ["journal.db", "anchors.txt"])
    try await expectWhole("\(target)/journal.db")
  }

  @Test("Export and import take the same memory for a journal ten times as long")
  func memory() async throws {
    var peaks: [String: [Int]] = [:]
    for entries in [3000, 30_000] {
      let journal = try await BigJournal(entries: entries, incidents: entries / 1000)
      let folder = journal.folder
      let environment = ["PATH": "/usr/bin:/bin", "HOME": "/", "ANDON_STATE": journal.state]
      for command in [
        ["journal", "export", "--out", folder.file("e.jsonl")],
        ["journal", "import", folder.file("e.jsonl"), "--into", folder.file("new")],
        ["journal", "backup", folder.file("copy.db")],
      ] {
        let expense = try await Expense(of: command, environment: environment)
        #expect(expense.code == 0)
        peaks[command[1], default: []].append(expense.peak)
      }
    }
    for (command, peak) in peaks { #expect(peak[1] < peak[0] + 16_000, "\(command): \(peak) KiB") }
  }
}
