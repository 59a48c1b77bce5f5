import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A new risk rule", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct NewRiskRuleTests {
  private func begin(_ platform: Platform) throws -> Terminal {
    try platform.terminal(
      "run", "new-risk-rule", "--yes", "--var", "rule=EXCESSIVE_APPROVALS", "--var", "weight=25", "--var",
      "change=https://example.org/change/7", "--var", "watch=1s")
  }

  /// Through review and tests, to where the rule is rolled out.
  private func review(_ terminal: Terminal) async throws {
    try await terminal.say("lee", at: "answer: ")
    for _ in 1...4 { try await terminal.say("y", at: "so? ") }
    try await terminal.say("https://example.org/tests/7", at: "answer: ")
    try #require(await terminal.expect("Roll EXCESSIVE_APPROVALS out"), "\(terminal.transcript)")
  }

  private func rollOut(_ terminal: Terminal, listed: String) async throws {
    try await terminal.say("d", at: "answer: ")
    try await terminal.say("y", at: "anything else takes it back: ")
    try await terminal.say(listed, at: "answer: ")
  }

  @Test("Reviewed, tested, rolled out and read back: the record has who, where, and the scores before and after")
  func works() async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(10, risk: 20)
    let terminal = try begin(platform)
    try await review(terminal)
    try platform.addOrders(5, risk: 45, age: "0 seconds")
    try await rollOut(terminal, listed: "yes")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    let run = try await platform.run()
    #expect(run.steps.allSatisfy { $0.state == "done" }, "\(run.json.jsonText)")
    #expect(try await platform.outputs("review")["step", "outputs", "answer"] == "lee")
    #expect(try await platform.outputs("tests")["step", "outputs", "answer"] == "https://example.org/tests/7")
  }

  @Test("A rule that turns everything into high-risk orders fails the run", arguments: [95, nil])
  func fault(risk: Int?) async throws {
    let platform = try Platform.furnished()
    try platform.addOrders(10, risk: 20)
    let terminal = try begin(platform)
    try await review(terminal)
    try platform.addOrders(5, risk: risk, age: "0 seconds")
    try await rollOut(terminal, listed: "yes")
    try await terminal.say("q", at: "choice: ")
    #expect(try await terminal.wait().code == 1, "\(terminal.transcript)")
    #expect(try await platform.run().step("watch-scores").state == "failed")
  }

  @Test("A rule that the running scorer does not have is not called live")
  func notListed() async throws {
    let platform = try Platform.furnished()
    let terminal = try begin(platform)
    try await review(terminal)
    try await rollOut(terminal, listed: "no")
    try await terminal.say("q", at: "choice: ")
    #expect(try await terminal.wait().code == 1, "\(terminal.transcript)")
    #expect(try await platform.run().step("is-listed").reason.contains("does not have EXCESSIVE_APPROVALS"))
  }

  @Test("With nobody there it waits for the review, and a name that is no rule's is refused")
  func unattended() async throws {
    let platform = try Platform.furnished()
    let change = "change=https://example.org/change/7"
    #expect(try await platform.routine("new-risk-rule", "rule=EXCESSIVE", "weight=25", change).code == 4)
    #expect(try await platform.run().step("review").state == "waiting")
    #expect(try await platform.routine("new-risk-rule", "rule=drop table", "weight=25", change).code == 64)
  }
}
