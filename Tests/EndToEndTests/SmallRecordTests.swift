import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What the record says of people and processes", .inTurn, .timeLimit(.minutes(40)))
struct SmallRecordTests {
  private let book: TestPlaybooks

  init() throws {
    book = try TestPlaybooks()
    try book.add(
      "asks", top: "severity: P2",
      steps: """
        - {id: look, name: Look outside, manual: {ask: Is it dark?}}
        - {id: lamp, name: Light the lamp, effect: write, timeout: 10s, command: {run: ["true"]}}
        - {id: chimney, name: Sweep the chimney, manual: {ask: Is it clean?}}
        """)
  }

  @Test("Notes, marks and handovers answer in JSON when asked to, and say which entry they are about")
  func json() async throws {
    #expect(try await book.run("asks").code == 4)
    let note = try Record(await book.andon("note", "RUN-1", "it is \"dark\"", "--json"))
    #expect(note["text"] == "it is \"dark\"" && note["run"] == "RUN-1" && note["incident"] == "INC-1", "\(note)")
    let entry = note["entry"]
    let star = try Record(await book.andon("timeline", "star", entry, "--json"))
    #expect(star["entry"] == entry && star["starred"] == "true" && star["incident"] == "INC-1", "\(star)")
    #expect(try Record(await book.andon("timeline", "star", entry, "--undo", "--json"))["starred"] == "false")
    let added = try Record(await book.andon("timeline", "add", "later", "--json"))
    #expect(Int(added["entry"]) ?? 0 > Int(entry) ?? .max, "\(added)")
    let handed = try await book.andon("incident", "handover", "INC-1", "--to", "lee", "--json")
    let handover = try Record(handed)
    #expect(handover["to"] == "lee" && handover["incident"] == "INC-1" && handover["is_lead"] == "true", "\(handed)")
    #expect(handover.json["runs"]?.items.map(\.displayText) == ["RUN-1"])
    let rows = try Record(await book.andon("timeline", "show", "--json")).json["timeline"]?.items ?? []
    #expect(rows.first { $0.text("entry") == entry }?.text("event") == "it is \"dark\"")
  }

  @Test("The timeline names whoever decided how a step ended, and says auto for what ended by itself")
  func decided() async throws {
    let terminal = try Terminal(
      [AndonProgram.path, "run", "asks"], environment: book.environment.merging(["ANDON_ACTOR": "dana"]) { $1 })
    let dana = Responder(terminal: terminal)
    try await dana.answers("answer: ", "d")
    try await dana.answers("choice: ", "r")
    try await dana.sees("Is it clean?")
    try await dana.answers("answer: ", "c")
    try await dana.answers("what is in the way? ", "the ladder is gone")
    try await dana.answers("choice: ", "q")
    try await dana.ends(1)
    let rows = try Record(await book.andon("timeline", "show", "--all", "--json")).json["timeline"]?.items ?? []
    func row(_ text: String) -> Value { rows.first { $0.text("event").hasPrefix(text) } ?? .null }
    #expect(row("Look outside: done").text("automatic") == "false", "\(rows)")
    #expect(row("Light the lamp: done").text("automatic") == "true", "\(rows)")
    #expect(row("Sweep the chimney: FAILED").text("automatic") == "false", "\(rows)")
    let text = try await book.andon("timeline", "show").stdout
    #expect(text.contains(/Look outside: done, unverified.*\s+dana +#/), "\(text)")
    #expect(text.contains(/Light the lamp: done, unverified.*\s+auto +#/), "\(text)")
  }

  @Test("A step that was lost with its process: which process it was, and why, in words")
  func crash() async throws {
    let trace = book.folder.file("lit")
    try book.add(
      "crash",
      steps: """
        - id: lamp
          name: Light the lamp
          effect: write
          timeout: 10s
          shell: {run: "echo lit > '\(trace)'; kill -9 \\"$PPID\\""}
          verify: {command: {run: [cat, "\(trace)"]}, until: trim(stdout) == "lit"}
        """)
    let lost = try Terminal([AndonProgram.path, "run", "crash"], environment: book.environment)
    let first = Responder(terminal: lost)
    try await first.answers("choice: ", "r")
    #expect(try await lost.wait().ending == .signal(9))
    let owner = try await book.record().json["run"]?["owner"] ?? .null
    // A second process that leaves the question open has not lost the step.
    for _ in 1...2 {
      let second = Responder(terminal: try book.terminal("resume", "RUN-1"))
      try await second.sees("by process \(owner.text("pid")) on \(owner.text("host"))")
      try await second.answers("choice: ", "q")
      try await second.ends(4)
    }
    let third = Responder(terminal: try book.terminal("resume", "RUN-1"))
    try await third.answers("choice: ", "y")
    let screen = try await third.ends(0)
    #expect(screen.contains("no outcome: the process that ran it died") && !screen.contains("no_outcome"), "\(screen)")
    for command in [["show", "RUN-1"], ["show", "RUN-1", "--step", "lamp"]] {
      let shown = try await AndonProgram(environment: book.environment).run(command)
      #expect(shown.stdout.contains("no outcome: ") && !shown.stdout.contains("no_outcome"), "\(shown)")
    }
    #expect(try await book.record().step("lamp").reason.hasPrefix("no_outcome: "), "programs get the code")
  }

  @Test("In 80 columns the line with the journal's head is not broken, and verify takes what it says")
  func head() async throws {
    try book.add("short", steps: "- {id: one, wait: {for: 1ms}}")
    let terminal = try Terminal(
      [AndonProgram.path, "run", "short", "--auto"], environment: book.environment, columns: 80)
    let lines = try await terminal.wait().stdout.split(whereSeparator: \.isNewline).map(String.init)
    let head = try #require(lines.first { $0.hasPrefix("  head ") })
    #expect(head.displayWidth <= 80)
    let anchor = String(head.dropFirst("  head ".count))
    #expect(try await book.andon("journal", "verify", "--anchor", anchor).code == 0)
  }
}
