import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A long journal", .inTurn, .needsPython, .timeLimit(.minutes(40)))
struct ScaleTests {
  /// Made once: twenty incidents, which are enough for what is told from a number of earlier runs; sixty; and many.
  private static let journals = Task {
    (
      small: try await BigJournal(entries: 20_000, incidents: 20),
      long: try await BigJournal(entries: 60_000, incidents: 60),
      many: try await BigJournal(entries: 60_000, incidents: 240)
    )
  }

  private func environment(_ state: String) -> [String: String] {
    [
      "PATH": "/usr/bin:/bin", "HOME": state, "USER": "tester", "ANDON_STATE": state, "LANG": "C.UTF-8",
      "ANDON_PLAYBOOKS": "\(state)/playbooks",
    ]
  }

  @Test(
    "What is asked about one incident, and what is open, is answered from a journal of any length by reading as much",
    arguments: [
      "postmortem create INC-1 --out -", "show INC-1", "show RUN-2", "show RUN-2 --step 3", "timeline show INC-1",
      "status", "resume", "resume RUN-1", "notify outbox", "incident list", "schedule",
    ])
  func reading(_ command: String) async throws {
    let (small, long, _) = try await Self.journals.value
    let words = command.split(separator: " ").map(String.init)
    for journal in [small, long] {
      try FileManager.default.createDirectory(
        atPath: journal.folder.file("playbooks"), withIntermediateDirectories: true)
    }
    let few = try await Expense(of: words, environment: environment(small.state))
    let many = try await Expense(of: words, environment: environment(long.state))
    #expect(few.code == many.code)
    let grown = try size(long.file) - size(small.file)
    // What lists hold of forty more incidents is a hundredth of what was added; to read all would be all of it.
    #expect(many.read - few.read < grown / 50, "\(few) \(many), and the journal is \(grown) bytes longer")
  }

  private func size(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
  }

  @Test("history shows the newest fifty of each and says so; beyond that it reads no more, however many there are")
  func history() async throws {
    let (_, long, many) = try await Self.journals.value
    let andon = AndonProgram(environment: environment(many.state))
    let usual = try await andon.run(["history"])
    #expect(usual.stdout.contains("INCIDENTS (50)") && usual.stdout.contains("RUNS (50)"), "\(usual)")
    #expect(usual.stdout.contains("INC-241 ") && !usual.stdout.contains("INC-191 "), "\(usual)")
    #expect(usual.stdout.contains("andon history --all"), "\(usual)")
    let all = try await andon.run(["history", "--all"])
    #expect(all.stdout.contains("INCIDENTS (241)") && all.stdout.contains("INC-1 "), "\(all)")
    #expect(!all.stdout.contains("--all"))
    let whole = try Record(try await andon.run(["history", "--json"])).json
    let cut = try Record(try await andon.run(["history", "--json", "--limit", "3"])).json
    #expect(whole["incidents"]?.items.count == 241)
    #expect(cut["incidents"]?.items == whole["incidents"]?.items.suffix(3))
    #expect(cut["runs"]?.items == whole["runs"]?.items.suffix(3))
    #expect(try await andon.run(["history", "--limit", "0"]).code == 64)
    #expect(try await andon.run(["history", "--limit", "3", "--all"]).code == 64)

    let few = try await Expense(of: ["history", "--limit", "10"], environment: environment(long.state))
    let more = try await Expense(of: ["history", "--limit", "10"], environment: environment(many.state))
    #expect(more.read - few.read < (try size(many.file) - size(long.file)) / 50, "\(few) \(more)")
  }

  @Test("A filter looks back as far as it must, and finds what a look at everything finds")
  func filtered() async throws {
    let (_, _, many) = try await Self.journals.value
    let andon = AndonProgram(environment: environment(many.state))
    for filter in [
      ["--severity", "P1"], ["--playbook", "roll-back"], ["--severity", "p3", "--playbook", "api-down"],
    ] {
      let whole = try Record(try await andon.run(["history", "--json"] + filter)).json
      let cut = try Record(try await andon.run(["history", "--json", "--limit", "7"] + filter)).json
      #expect(cut["incidents"]?.items.count == 7)
      for list in ["incidents", "runs"] {
        #expect(cut[list]?.items == whole[list]?.items.suffix(7), "\(filter) \(list)")
      }
    }
  }

  @Test("status of a long journal names all that is open and nothing else: incident, run, message")
  func status() async throws {
    let (_, long, _) = try await Self.journals.value
    let json = try Record(try await AndonProgram(environment: environment(long.state)).run(["status", "--json"])).json
    let last = try Record(try await AndonProgram(environment: environment(long.state)).run(["history", "--json"])).json
    let run = try #require(last["runs"]?.items.last)
    #expect(json["incidents"]?.items.map { $0.text("id") } == ["INC-61"], "\(json.jsonText)")
    #expect(json["runs"]?.items.map { $0.text("id") } == [run.text("id")] && run.text("incident") == "INC-61")
    #expect(json["outbox"]?.items.map { $0.text("run") } == [run.text("id")], "\(json.jsonText)")
  }

  @Test("Words that look like the record of something else change no answer")
  func lookalikes() async throws {
    let book = try TestPlaybooks()
    let looks = #"x","milestone":"closed","digest":"00","id":"RUN-1/tell"#
    let opened = try await book.andon(
      "incident", "open", looks, "--severity", "P2", "--env", "test", changing: ["ANDON_ACTOR": looks])
    #expect(opened.code == 0, "\(opened)")
    #expect(try await book.andon("ack", changing: ["ANDON_ACTOR": looks]).code == 0)
    #expect(try await book.andon("status").stdout.contains("INC-1"))
    #expect(try await book.andon("incident", "list").stdout.contains("INC-1"))
    #expect(try await book.andon("mitigate").code == 0)
    #expect(try await book.andon("resolve").code == 0)
    #expect(try await book.andon("incident", "close", "--why", looks).code == 0)
    #expect(try await book.andon("incident", "list").stdout.contains("No incident is open."))
  }

  @Test(
    "A journal of an older format is read as it is, and gets its indexes from the next writer", arguments: [1, 2, 3])
  func older(format: Int) async throws {
    let journal = try await BigJournal(entries: 2000, incidents: 2, format: format)
    let andon = AndonProgram(environment: environment(journal.state))
    let commands = [
      ["history", "--json"], ["incident", "list", "--all"], ["show", "RUN-2", "--json"],
      ["postmortem", "create", "INC-1", "--out", "-"], ["notify", "outbox"],
    ]
    var before: [String] = []
    for command in commands { before.append(try await andon.run(command).stdout) }
    #expect(try JournalFile(path: journal.file).sql("PRAGMA user_version").hasPrefix("\(format)"))
    let note = try await andon.run(["note", "INC-2", "brought up to date"])
    #expect(note.code == 0, "\(note)")
    #expect(try JournalFile(path: journal.file).sql("PRAGMA user_version").hasPrefix("4"))
    for (command, earlier) in zip(commands, before) {
      let now = try await andon.run(command)
      #expect(now.code == 0 && now.stdout == earlier, "\(command): \(now)")
    }
    try await expectWhole(journal.file)
  }
}

/// Both verifiers find nothing wrong with it, and its last entry anchored.
func expectWhole(_ journal: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
  let result = try await AndonProgram(environment: ["PATH": "/usr/bin:/bin", "HOME": "/"]).run([
    "journal", "verify", journal,
  ])
  let other = try await RunningProgram(
    [Repository.python ?? "", Repository.file("Tests/verify_journal.py"), journal],
    environment: ["PATH": "/usr/bin:/bin"]
  ).wait()
  #expect(result.code == 0 && other.code == 0, "\(result)\n\(other)", sourceLocation: sourceLocation)
}
