import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("How far a report is", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemStatusTests {
  @Test("It begins as a draft; each change is recorded with who and why, and saying it again records nothing")
  func stages() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("postmortem", "status", "INC-1").stdout.hasPrefix("INC-1 postmortem: draft\n"))
    #expect(try desk.recorded(.postmortemStatus).isEmpty)
    let first = try await desk.andon("postmortem", "status", "INC-1", "in-review", "--why", "lee reads it")
    #expect(first.code == 0 && first.stdout.contains("in review"), "\(first)")
    #expect(try desk.recorded(.postmortemStatus) == [["stage": "in_review", "why": "lee reads it"]])
    let again = try await desk.andon("postmortem", "status", "INC-1", "in-review")
    #expect(again.code == 0 && again.stdout.contains("already"), "\(again)")
    #expect(try desk.recorded(.postmortemStatus).count == 1)
    #expect(try await desk.andon("postmortem", "status", "INC-1", "reviewed").code == 0)
    let json = try Record(await desk.andon("postmortem", "status", "INC-1", "--json"))
    #expect(json["status"] == "reviewed")
    #expect(json.json["changes"]?.items.map { $0.text("by") } == ["dana", "dana"])
    #expect(try await desk.andon("timeline", "show").stdout.contains("The postmortem is in review: lee reads it"))
    #expect([0, 3].contains(try await desk.andon("journal", "verify").code))
    for wrong in [["INC-1", "done"], ["INC-7", "draft"], ["1", "draft"], ["INC-1", "--why", "x"]] {
      let result = try await AndonProgram(environment: desk.variables).run(["postmortem", "status"] + wrong)
      #expect(result.code == 64, "\(wrong): \(result)")
    }
  }

  @Test("Closing it closes the incident, which has to be resolved: 77 before that, and nothing is recorded")
  func closes() async throws {
    let desk = try await OnCall().opened()
    let early = try await desk.andon("postmortem", "status", "INC-1", "closed")
    #expect(early.code == 77 && early.stderr.contains("andon resolve"), "\(early)")
    #expect(try desk.recorded(.postmortemStatus).isEmpty)
    #expect(try await desk.andon("resolve").code == 0)
    #expect(try await desk.andon("postmortem", "status", "INC-1", "closed").code == 0)
    #expect(try await desk.incident["incident", "status"] == "closed")
    let moment = try await desk.incident["incident", "milestones", "closed"]
    #expect(Timestamp(moment) != nil, "\(moment)")
    // Back to an earlier stage: the incident stays closed.
    #expect(try await desk.andon("postmortem", "status", "INC-1", "in-review").code == 0)
    #expect(try await desk.incident["incident", "status"] == "closed")
  }

  @Test("Calling a report reviewed that is not finished is warned of, and recorded all the same")
  func warns() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("postmortem", "create", "INC-1").code == 0)
    let result = try await desk.andon("postmortem", "status", "INC-1", "reviewed")
    #expect(result.code == 0 && result.stderr.contains("is not finished"), "\(result)")
    #expect(try desk.recorded(.postmortemStatus).count == 1)
    let path = "\(desk.playbooks.state)/reports/INC-1.md"
    #expect(try await desk.andon("postmortem", "check", path).stdout.contains("1 newer entry"))
    #expect(try await desk.andon("postmortem", "update", path).code == 0)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.components(separatedBy: "\n").map { $0.hasPrefix("_Write here:") ? "We know." : $0 }
      .joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let quiet = try await desk.andon("postmortem", "status", "INC-1", "reviewed")
    #expect(quiet.code == 0 && !quiet.stderr.contains("is not finished"), "\(quiet)")
  }
}

@Suite("Handing over an incident that goes on", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemSummaryTests {
  @Test("Without a word it tells of the only open incident: clocks, what waits, what is true, and what to type")
  func drill() async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "trainee", "ANDON_STATE": folder.file("state"),
    ])
    #expect(try await andon.run(["pull", "--drill", "--confirm", "PAUSE"]).code == 4)
    let text = try await andon.run(["postmortem", "summary"])
    #expect(text.code == 0, "\(text)")
    for part in [
      "INC-1  P0", "DRILL", "True when last looked at:", "Disable trading in the database", "Open:", "RUN-1  waiting",
      "From the beginning:", "Next:", "andon resume RUN-1",
    ] { #expect(text.stdout.contains(part), "no '\(part)': \(text)") }
    let markdown = try await andon.run(["postmortem", "summary", "INC-1", "--format", "md"]).stdout
    #expect(
      markdown.hasPrefix("# INC-1: ") && markdown.contains("\n## Next\n") && markdown.contains("`andon resume RUN-1`"))
    let json = try Record(await andon.run(["postmortem", "summary", "--json"]))
    #expect(json["incident", "id"] == "INC-1")
    #expect(json.json["happened"]?.items.isEmpty == false)
    #expect(json.json["runs"]?.items.first?.text("state") == "waiting")
  }

  @Test(
    "--since tells only what was recorded since; another moment than that, an unknown one and a wrong id are refused")
  func since() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("note", "seen long ago", "--at", "5m ago").code == 0)
    #expect(try await desk.andon("postmortem", "summary", "--since", "1h").stdout.contains("seen long ago"))
    // It was written down just now, whenever it happened.
    #expect(try await desk.andon("postmortem", "summary", "--since", "2m").stdout.contains("seen long ago"))
    try await eventually("a second has passed") {
      try await desk.andon("postmortem", "summary", "--since", "1s").stdout.contains("nothing was recorded")
    }
    for wrong in [["--since", "soon"], ["--since", "2999-01-01T00:00:00Z"], ["INC-9"], ["x"], ["--format", "pdf"]] {
      let result = try await AndonProgram(environment: desk.variables).run(["postmortem", "summary"] + wrong)
      #expect(result.code == 64, "\(wrong): \(result)")
    }
    #expect(try await desk.andon("incident", "open", "more fails", "--severity", "P2").code == 0)
    let which = try await desk.andon("postmortem", "summary")
    #expect(which.code == 64 && which.stderr.contains("INC-1, INC-2"), "\(which)")
    #expect(try await desk.andon("postmortem", "summary", "INC-2").stdout.contains("more fails"))
  }
}
