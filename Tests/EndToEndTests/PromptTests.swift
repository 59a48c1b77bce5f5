import Foundation
import TestSupport
import Testing

@Suite("At every question", .inTurn, .timeLimit(.minutes(40)))
struct PromptTests {
  private func terminal(_ desk: OnCall, _ arguments: [String]) throws -> Terminal {
    try Terminal([AndonProgram.path] + arguments, environment: desk.variables)
  }

  private func kinds(_ desk: OnCall) throws -> [String] {
    try JournalFile(path: "\(desk.playbooks.state)/journal.db").entries.compactMap {
      $0.body.firstMatch(of: /"kind":"([a-z._]+)"/).map { String($0.1) }
    }
  }

  private func begin(_ question: Question, _ desk: OnCall) async throws -> Terminal {
    let folder = desk.playbooks.folder
    let steps = question.steps.replacing("$MADE", with: folder.file("made")).replacing(
      "$DONE", with: folder.file("done"))
    try desk.playbooks.add("walk", top: question.top, steps: steps)
    try desk.playbooks.add(
      "gated", top: "prerequisites: [{id: calm, ask: Is it calm?}]",
      steps: "- {id: a, shell: {run: touch \(folder.file("made"))}}")
    let terminal = try terminal(desk, ["run", "walk"] + question.flags)
    guard question.beginning == .crash else { return terminal }
    try await eventually("the step takes effect") { FileManager.default.fileExists(atPath: folder.file("done")) }
    terminal.program.kill()
    _ = try await terminal.wait()
    return try self.terminal(desk, ["resume"])
  }

  @Test(
    "garbage answers nothing; Ctrl-C leaves with 130 and the end of input with 4; resume asks the same again",
    arguments: Question.all)
  func question(_ question: Question) async throws {
    let desk = try OnCall()
    let first = try await begin(question, desk)
    try await question.reach(on: first)
    let before = try kinds(desk)
    first.interrupt()
    let interrupted = try await first.wait()
    #expect(interrupted.code == 130, "\(interrupted)")
    #expect(interrupted.stdout.contains("Next:  andon resume RUN-1"), "\(interrupted)")

    let second = try terminal(desk, ["resume"])
    try await question.reach(on: second)
    try await question.refuseEverything(on: second)
    second.sendEOF()
    let ended = try await second.wait()
    #expect(ended.code == question.exitCode, "\(ended)")
    #expect(ended.stdout.contains("Next:  andon resume RUN-1"), "\(ended)")
    #expect(!second.bytes.containsSequence("\u{1B}[2J"), "what was typed moved the cursor")

    let third = try terminal(desk, ["resume"])
    try await question.reach(on: third)
    let allowed = question.alsoRecorded.union(["run.parked", "run.resumed"])
    let added = try kinds(desk).dropFirst(before.count).filter { !allowed.contains($0) }
    #expect(added.isEmpty, "recorded although nobody meant it")
    #expect(
      !FileManager.default.fileExists(atPath: desk.playbooks.folder.file("made")), "done although nobody meant it")
    third.program.kill()
    _ = try await third.wait()
    #expect([0, 3].contains(try await desk.andon("journal", "verify").code))
  }

  // MARK: - Before anything is recorded

  struct Opening: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let prompt: String
    var wrong: [String] = []
    /// At the end of input.
    let exitCode: Int32
    var slips = Question.slips

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let openings = [
    Opening(arguments: ["pull", "stop-all"], prompt: "STOP to confirm: ", exitCode: 2),
    Opening(arguments: ["run", "gated"], prompt: "[n] no: ", wrong: ["", "maybe", "1", "x\ny"], exitCode: 77),
    Opening(arguments: ["run", "asks"], prompt: "count: ", wrong: ["", "many", "1.5"], exitCode: 2),
    Opening(arguments: ["run", "hides"], prompt: "pin: ", wrong: [""], exitCode: 2, slips: []),
    Opening(arguments: ["incident", "open"], prompt: "(q leaves) ", wrong: ["", "  "], exitCode: 2),
    Opening(arguments: ["incident", "open", "it fails"], prompt: "P0: ", wrong: ["", "y", "x\n1"], exitCode: 2),
    Opening(arguments: ["incident", "classify", "INC-1"], prompt: "P0: ", wrong: ["", "9"], exitCode: 2),
    Opening(arguments: ["escalate", "INC-1"], prompt: "call: ", wrong: ["", "yes", "x\ny"], exitCode: 2),
  ]

  @Test(
    "before a run or an incident begins: garbage begins nothing, and neither do Ctrl-C and the end of input",
    arguments: openings)
  func opening(_ opening: Opening) async throws {
    let desk = opening.arguments.last == "INC-1" ? try await OnCall().opened() : try OnCall()
    let step = "- {id: a, wait: {for: 1ms}}"
    try desk.playbooks.add("gated", top: "prerequisites: [{id: calm, ask: Is it calm?}]", steps: step)
    try desk.playbooks.add(
      "asks", top: "params:\n  count: {type: integer, required: true, ask: How many?}", steps: step)
    try desk.playbooks.add(
      "hides", top: "params:\n  pin: {type: text, secret: true, required: true, ask: The PIN?}", steps: step)
    let before = try desk.count
    let question = Question(
      name: opening.testDescription, steps: "", prompt: opening.prompt, wrong: opening.wrong)
    for byInterrupt in [true, false] {
      let terminal = try terminal(desk, opening.arguments)
      try await question.reach(on: terminal)
      if !byInterrupt, !opening.slips.isEmpty { try await question.refuseEverything(on: terminal) }
      if byInterrupt { terminal.interrupt() } else { terminal.sendEOF() }
      let result = try await terminal.wait()
      let codes = byInterrupt ? [130, -2] : [opening.exitCode]
      #expect(codes.contains(result.code), "\(result)")
      #expect(try desk.count == before, "something was recorded")
    }
  }
}

extension [UInt8] {
  func containsSequence(_ text: String) -> Bool { Data(self).range(of: Data(text.utf8)) != nil }
}
