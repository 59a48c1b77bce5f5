import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The score of a drill", .inTurn, .timeLimit(.minutes(40)))
struct DrillScoreTests {
  private let book: TestPlaybooks
  private var gate: String { book.folder.file("gate") }

  /// A kill switch over a file; its second step needs something that nothing stands in for.
  init() throws {
    book = try TestPlaybooks(connections: "{chain: {rpc: 'http://127.0.0.1:1', rehearse: 'true'}}")
    try write()
  }

  private func write(comment: String = "", shell: String = "echo shut", limit: String = "5m") throws {
    let gate = book.folder.file("gate")
    try book.add(
      "shut",
      top: "\(comment)\nseverity: P0\nkill_switch: {word: SHUT}\ninverse: open\ntargets: {contain: \(limit)}\n"
        + "connections: [chain]",
      steps: """
        - name: Contain
          target: contain
          parallel:
            - id: gate
              name: Shut the gate
              effect: destructive
              idempotent: true
              timeout: 10s
              shell: {run: "\(shell) > '\(gate)'"}
              verify: {command: {run: [cat, "\(gate)"]}, until: trim(stdout) == "shut", within: 100ms, every: 50ms}
            - id: chain
              name: Pause the chain
              effect: write
              timeout: 10s
              command: {run: [echo, "${connections.chain.rpc}"]}
        - id: unproved
          name: Ring the bell
          effect: write
          timeout: 10s
          command: {run: ["true"]}
        """)
    try book.add("open", top: "inverse: shut", steps: "- {id: one, wait: {for: 1ms}}")
  }

  private func pull(_ more: String..., drill: Bool = true) async throws -> ProgramResult {
    try await AndonProgram(environment: book.environment).run(
      ["pull", "shut", "--env", "test", "--confirm", "SHUT"] + (drill ? ["--drill"] : []) + more)
  }

  private func score(_ run: String) async throws -> Value { try await book.record(run).json["drill"] ?? .null }

  private func step(_ id: String, _ score: Value) -> Value {
    score["steps"]?.items.first { $0["id"]?.displayText == id } ?? .null
  }

  @Test("The first drill says how each step went, and that it is the first; a rehearsal is no proof")
  func first() async throws {
    let result = try await pull()
    #expect(result.code == 0, "\(result)")
    #expect(
      result.stdout.contains(
        /Drill: 1 of 3 steps verified, 1 rehearsed, 1 unverified; the target met; [0-9.]+ m?s, the first\n?\s*drill/),
      "\(result)")
    let score = try await self.score("RUN-1")
    #expect(step("gate", score).text("result") == "verified")
    #expect(step("chain", score).text("result") == "rehearsed")
    #expect(step("unproved", score).text("result") == "unverified")
    #expect(step("gate", score)["earlier"] == .null && score["earlier"] == .null)
    #expect(score["targets"]?.items.first?.text("state") == "met")
    #expect(score["earlier_drills"]?.items.isEmpty == true)
    #expect(FileManager.default.fileExists(atPath: gate))
  }

  @Test("Later drills are measured against the median and the best of the earlier ones; real runs count for nothing")
  func earlier() async throws {
    for number in 1...3 {
      if number == 2 { #expect(try await pull(drill: false).code == 0) }
      #expect(try await pull().code == 0)
    }
    let score = try await self.score("RUN-4")
    let drills = score["earlier_drills"]?.items.map { $0.text("run") }
    #expect(drills == ["RUN-1", "RUN-3"], "the real run RUN-2 is among them: \(score)")
    #expect(score["earlier"]?.text("count") == "2")
    let times = step("gate", score)["earlier"] ?? .null
    var recorded: [Int] = []
    for run in ["RUN-1", "RUN-3"] {
      recorded.append(Int(try await book.record(run).step("gate").json.text("milliseconds")) ?? -1)
    }
    #expect(times.text("median_milliseconds") == "\((recorded[0] + recorded[1]) / 2)", "\(recorded) \(times)")
    #expect(times.text("best_milliseconds") == "\(recorded.min() ?? -1)")
    #expect(score.text("verdict").contains("the median of 2 earlier drills"), "\(score)")
    let shown = try await book.andon("show", "RUN-4").stdout
    #expect(shown.contains("Earlier drills:") && shown.contains("1/3 verified"), "\(shown)")
    #expect(try await book.record("RUN-2").json["drill"] == .null)
    #expect(try await !book.andon("show", "RUN-2").stdout.contains("Drill:"))
    let duties = try Record(await book.andon("schedule", "--json")).json["items"]?.items ?? []
    #expect(duties.first { $0.text("kind") == "drill" }?.text("is_late") == "false")
  }

  @Test("A step that does not do what it should, and a clock that is missed, are in the score and in the list")
  func fault() async throws {
    #expect(try await pull().code == 0)
    try write(shell: "echo open", limit: "1ms")
    let result = try await pull()
    #expect(result.code == 1, "\(result)")
    #expect(result.stdout.contains("0 of 3 steps verified") && result.stdout.contains("1 FAILED"), "\(result)")
    let score = try await self.score("RUN-2")
    #expect(step("gate", score).text("result") == "failed")
    #expect(score["earlier"] == .null, "another course is no measure: \(score)")
    #expect(score.text("verdict").contains("no earlier drill went the same way"))
    #expect(score["earlier_drills"]?.items.first?.text("playbook_changed") == "true")
    #expect(score.text("verdict").hasSuffix("playbook changed since RUN-1"), "\(score)")
    #expect(try await book.andon("show", "RUN-2").stdout.contains("playbook changed since"))

    try write(limit: "1ms")
    #expect(try await pull().code == 0)
    let missed = try await self.score("RUN-3")
    #expect(missed["targets"]?.items.first?.text("state") == "missed")
    #expect(missed.text("verdict").contains("contain MISSED by "), "\(missed)")
    let list = try Record(await book.andon("playbook", "list", "--json")).json["playbooks"]?.items ?? []
    let line = list.first { $0.text("id") == "shut" }?["last_drill_score"] ?? .null
    #expect(line.text("run") == "RUN-3" && line["missed"]?.items.map(\.displayText) == ["contain"], "\(line)")
  }

  @Test("The list and the description of a playbook say how the last drill went, and mark one of another text")
  func lists() async throws {
    #expect(try await book.andon("playbook", "show", "shut").stdout.contains("  drilled never\n"))
    #expect(try await pull().code == 0)
    let list = try await book.andon("playbook", "list").stdout
    #expect(list.contains(/\n  shut .* \d+m ago 1\/3 +never/), "\(list)")
    #expect(!list.contains("changed since"))
    let shown = try await book.andon("playbook", "show", "shut").stdout
    #expect(shown.contains(/drilled \d+m ago as RUN-1: 1 of 3 steps verified/), "\(shown)")
    try write(comment: "# another text")
    let after = try await book.andon("playbook", "list").stdout
    #expect(
      after.contains(/\n  shut .* \d+m ago 1\/3\*/) && after.contains("* the playbook was changed since"), "\(after)")
    #expect(
      try await book.andon("playbook", "show", "shut").stdout.contains("RUN-1, and the playbook was changed since:"))
    let json = try Record(await book.andon("playbook", "show", "shut", "--json"))
    #expect(json["drill", "run"] == "RUN-1" && json["playbook_changed_since_drill"] == "true")
  }

  @Test("The report of a drill has its score, that of a real incident none; the way back is a drill too")
  func reports() async throws {
    #expect(try await pull().code == 0)
    #expect(try await pull(drill: false).code == 0)
    let drill = try await book.andon("postmortem", "create", "INC-1", "--out", "-").stdout
    #expect(drill.contains("## Drill score") && drill.contains("1 of 3 steps verified"), "\(drill)")
    #expect(drill.contains("| 1 | Shut the gate |"), "\(drill)")
    let real = try await book.andon("postmortem", "create", "INC-2", "--out", "-").stdout
    #expect(!real.contains("Drill score"), "\(real)")
    #expect(try await book.andon("show", "INC-1").stdout.contains("drill: 1 of 3 steps verified"))
    #expect(try await book.andon("show", "RUN-1").stdout.contains("andon run open --drill --env test --incident INC-1"))
    #expect(try await book.andon("show", "RUN-2").stdout.contains("andon run open --env test --incident INC-2"))
    #expect(try await book.run("open", "--drill", "--env", "test", "--incident", "INC-1").code == 0)
  }

  @Test("In a terminal of 40 columns the score fits")
  func narrow() async throws {
    #expect(try await pull().code == 0)
    #expect(try await pull().code == 0)
    let terminal = try Terminal(
      [AndonProgram.path, "show", "RUN-2"], environment: book.environment, columns: 40)
    let lines = try await terminal.wait().stdout.split(whereSeparator: \.isNewline).map(String.init)
    #expect(lines.contains { $0.hasPrefix("Drill: ") })
    for line in lines where !line.hasPrefix("  andon ") { #expect(line.displayWidth <= 40, "\(line)") }
  }
}
