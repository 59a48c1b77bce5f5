import Foundation
import TestSupport
import Testing

@Suite("Deploying the frontend", .inTurn, .timeLimit(.minutes(40)))
struct FrontendDeploymentTests {
  @Test("It goes out: tested, built, shown on staging, and both remotes stand at the commit that was tested")
  func works() async throws {
    let project = try await FrontendProject()
    let result = try await project.deploy("--var", "marker=\(project.commit.prefix(10))")
    #expect(result.code == 0, "\(result)")
    #expect(try await project.main(of: "staging") == project.commit)
    #expect(try await project.main(of: "production") == project.commit)
    #expect(project.ran == ["test", "e2e", "build", "smoke"])
    let run = try await project.record
    #expect(run.steps.count >= 14)
    for step in run.steps { #expect(step.outcome == "done verified", "\(step.id): \(step.reason)") }
  }

  @Test("A failing end-to-end test: nothing is built or pushed, and the record says which it was")
  func failingTest() async throws {
    let project = try await FrontendProject()
    try project.folder.write("", to: "checkout/fail-e2e")
    let result = try await project.deploy()
    #expect(result.code == 1, "\(result)")
    #expect(project.ran == ["test", "e2e"])
    for remote in ["staging", "production"] { #expect(try await project.main(of: remote) == project.former) }
    let step = try await project.record.step("test-e2e")
    #expect(step.state == "failed")
    #expect(result.output.contains("1 test failed: e2e"), "\(result)")
  }

  @Test("What is not committed would not be pushed, so it stops before the tests")
  func notCommitted() async throws {
    let project = try await FrontendProject()
    try project.folder.write("<h1>Not yet</h1>\n", to: "checkout/page.html")
    let result = try await project.deploy()
    #expect(result.code == 1, "\(result)")
    #expect(project.ran.isEmpty)
    #expect(try await project.record.step("commit").reason.contains("page.html"))
    #expect(try await project.main(of: "staging") == project.former)
  }

  @Test(
    "Staging that shows an error, or not the new build: production stays where it was",
    arguments: ["an error", "another build"])
  func badStaging(_ fault: String) async throws {
    let project = try await FrontendProject()
    if fault == "an error" { try project.folder.write("", to: "staging-broken") }
    let marker = fault == "an error" ? project.commit : "never built"
    let result = try await project.deploy("--var", "marker=\(marker)")
    #expect(result.code == 1, "\(result)")
    #expect(try await project.main(of: "staging") == project.commit)
    #expect(try await project.main(of: "production") == project.former)
    let step = try await project.record.step("staging-works")
    #expect(step.state == "failed")
    #expect(step.attempts == 7, "\(step.attempts)")
  }

  @Test("A push that production refuses: the run fails with the words of the refusal, and production is untouched")
  func rejectedPush() async throws {
    let project = try await FrontendProject()
    try project.folder.write(
      "#!/bin/sh\necho 'deployments are frozen' >&2\nexit 1\n", to: "production.git/hooks/pre-receive", mode: 0o755)
    let result = try await project.deploy()
    #expect(result.code == 1, "\(result)")
    #expect(try await project.main(of: "production") == project.former)
    #expect(try await project.record.step("push-production").state == "failed")
    #expect(result.output.contains("deployments are frozen"), "\(result)")
    #expect(!project.ran.contains("smoke"))
  }

  @Test("A request that fails while the log is watched ends the watch at once; older ones and other pages do not count")
  func errorsInTheLog() async throws {
    let project = try await FrontendProject()
    let program = try project.startDeploying(watch: "80s")
    try await eventually("production has the commit", within: .seconds(60)) {
      try await project.main(of: "production") == project.commit
    }
    try project.log("/healthz", 503)
    try project.log("/trades?side=sell", 502)
    let result = try await program.wait()
    #expect(result.code == 1, "\(result)")
    let step = try await project.record.step("watch-log")
    #expect(step.state == "failed")
    #expect(step.reason.contains("/trades?side=sell"), "\(step.reason)")
    #expect(result.elapsed < .seconds(75), "it watched to the end")
  }

  @Test("Nobody asks for the page during the watch: that is said, as something that proves nothing")
  func quietWatch() async throws {
    let project = try await FrontendProject()
    try project.folder.write("", to: "checkout/quiet")
    let result = try await project.deploy()
    #expect(result.code == 3, "\(result)")
    let run = try await project.record
    #expect(run.step("watch-log").outcome == "done verified")
    #expect(run.step("traffic-seen").reason.contains("proves nothing"))
  }

  @Test("After an error whoever is there can take production back to the commit before, by its undo")
  func takenBack() async throws {
    let project = try await FrontendProject()
    try project.folder.write("", to: "checkout/fail-smoke")
    let terminal = try project.terminal(watch: "1s")
    #expect(try await terminal.expect("The critical paths work", within: .seconds(60)), "\(terminal.transcript)")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try await project.main(of: "production") == project.commit)
    terminal.send("b")
    #expect(try await terminal.expect("Push the former commit back to production"), "\(terminal.transcript)")
    #expect(try await terminal.expect("goes back: "), "\(terminal.transcript)")
    let number = try #require(terminal.transcript.firstMatch(of: /roll back step ([0-9]+)/)?.1)
    terminal.send(String(number))
    try await eventually("production is back") { try await project.main(of: "production") == project.former }
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    terminal.send("a")
    #expect(try await terminal.expect("why end the run here? "), "\(terminal.transcript)")
    terminal.send("the error has to be found first")
    #expect(try await terminal.wait().code == 2)
    #expect(try await project.main(of: "production") == project.former)
    #expect(try await project.main(of: "staging") == project.commit)
  }
}
