import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The process, from a report to a closed incident", .inTurn, .timeLimit(.minutes(40)))
struct ProcessTests {
  private func stage() throws -> Stage {
    let stage = try Stage.small()
    try FileManager.default.copyItem(
      atPath: Repository.file("playbooks/incident-response/process.yaml"),
      toPath: stage.folder.file("playbooks/process.yaml"))
    return stage
  }

  @Test("All four phases by hand: classified, escalated, a kill switch pulled, resolved, closed, and a postmortem due")
  func wholeProcess() async throws {
    let stage = try stage()
    let dana = try stage.responder("dana", "run", "process")
    try await dana.answers("report: ", "a user paid twice")

    // Detection.
    try await dana.sees("1 alert   2 user report")
    try await dana.answers("answer: ", "2")
    for _ in 1...3 { try await dana.answers("so? ", "y") }
    try await dana.answers("choice: ", "r")
    try await dana.answers("P0: ", "4")
    try await dana.sees("severity P2 to P0: Smart contract exploit")
    try await dana.answers("choice: ", "r")
    try await dana.sees("CALL 1 of 2  On-call Engineer  (ana)  +44 20 7946 0001")
    try await dana.answers("call: ", "n")
    try await dana.sees("CALL 2 of 2  Technical Lead  (lee)  lee@example.org")
    try await dana.answers("call: ", "y")
    try await dana.sees("target detection")

    // Response.
    try await dana.answers("answer: ", "everybody who paid since noon")
    try await dana.answers("choice: ", "r")
    try await dana.sees("Suggested for this severity:")
    try await dana.sees("1 stop-all  Stop everything (kill switch): Something is being stolen")
    try await dana.answers("number or name, 0 for none: ", "1")
    try await dana.answers("STOP to confirm: ", "STOP")
    try await dana.sees("Stop payments at the gateway")
    try await dana.answers("answer: ", "d")
    try await dana.sees("Are more people needed?")
    try await dana.answers("answer: ", "n")
    try await dana.answers("answer: ", "y")
    try await dana.answers("takes it back: ", "y")
    try await dana.sees("target response")

    // Resolution.
    try await dana.answers("answer: ", "the amounts are read as cents again")
    for _ in 1...4 { try await dana.answers("so? ", "y") }
    try await dana.answers("takes it back: ", "y")
    try await dana.sees("Was it watched for 30 minutes")
    try await dana.answers("answer: ", "y")
    try await dana.answers("takes it back: ", "y")
    try await dana.sees("RESOLVED")

    // Post-incident.
    try await dana.sees("to do    1. Write the postmortem, due ")
    let draft = try await stage.andon("postmortem", "create", "INC-1", "--out", "draft.md")
    #expect(draft.code == 0, "\(draft)")
    try await dana.answers("answer: ", "no-such-file.md")
    try await dana.answers("answer: ", "draft.md")
    try await dana.sees("it is the report of INC-1")
    for _ in 1...3 { try await dana.answers("so? ", "y") }
    try await dana.answers("takes it back: ", "y")
    try await dana.sees("nothing left to do")
    try await dana.answers("answer: ", "y")
    try await dana.answers("takes it back: ", "y")
    try await dana.sees("CLOSED")
    let screen = try await dana.ends(0)
    #expect(screen.contains("process DONE"), "\(screen)")

    #expect(try String(contentsOfFile: stage.folder.file("gateway"), encoding: .utf8) == "off\n")
    let incident = try await stage.record("INC-1")
    #expect(incident["incident", "title"] == "a user paid twice")
    #expect(incident["incident", "severity"] == "P0")
    for milestone in ["detected", "acknowledged", "mitigated", "resolved", "closed"] {
      #expect(Timestamp(incident["incident", "milestones", milestone]) != nil, "\(milestone) was not reached")
    }
    let process = try await stage.record("RUN-1")
    for phase in ["detection", "response", "post_incident"] { #expect(process.target(phase) == "met", "\(phase)") }
    let killSwitch = try await stage.record("RUN-2")
    #expect(killSwitch.step("gateway").outcome == "done verified")

    let calls = try stage.entries(.escalated).map { $0["details"]?["outcome"]?.displayText }
    #expect(calls == ["not_reached", "reached"])
    let change = try #require(try stage.entries(.severityChanged).first?["details"])
    #expect(change["why"]?.displayText == "Smart contract exploit")
    let owed = try #require(try stage.entries(.followUpRecorded).first?["details"])
    #expect(owed["title"]?.displayText == "Write the postmortem")
    let due = try #require(Timestamp(owed["due"]?.displayText ?? ""))
    let detected = try #require(Timestamp(incident["incident", "milestones", "detected"]))
    #expect(due - detected == .seconds(24 * 3600))

    let answer = try #require(
      try stage.entries(.stepAnswered).first { $0["step"]?.displayText == "report" }?["details"])
    #expect(answer["sha256"]?.displayText.count == 64 && answer["bytes"] != nil, "\(answer.jsonText)")
    let written = try await stage.andon("postmortem", "create", "INC-1", "--out", "report.md")
    #expect(written.code == 0, "\(written)")
    let report = try String(contentsOfFile: stage.folder.file("report.md"), encoding: .utf8)
    for text in ["a user paid twice", "Smart contract exploit", "everybody who paid since noon"] {
      #expect(report.contains(text), "the report does not say '\(text)'")
    }
    #expect(try await stage.andon("journal", "verify").code == 0)
  }

  @Test("A file that is no report of this incident does not stand for the postmortem, and nothing is closed")
  func noReport() async throws {
    let stage = try stage()
    let dana = try stage.responder("dana", "run", "process", "--var", "report=x y", "--from", "report")
    try stage.folder.write("INC-10 was bad, too.\n", to: "other.md")
    try await dana.answers("answer: ", "other.md")
    try await dana.sees("FAILED")
    try await dana.answers("choice: ", "q")
    try await dana.ends(1)
    let process = try await stage.record("RUN-1")
    #expect(process.step("report-is-it").state == "failed", "\(process.json.jsonText)")
    #expect(process.step("closed").state == "pending")
  }

  @Test("Left in the middle, status tells what to type, and resume goes on with what was not answered")
  func left() async throws {
    let stage = try stage()
    let dana = try stage.responder("dana", "run", "process", "--var", "report=a user paid twice")
    try await dana.answers("answer: ", "2")
    try await dana.answers("so? ", "q")
    let screen = try await dana.ends(4)
    #expect(screen.contains("Next:  andon resume RUN-1"), "\(screen)")
    let status = try await stage.andon("status")
    #expect(status.stdout.contains("waits for  Detection: first look"), "\(status)")
    #expect(status.stdout.contains("andon resume RUN-1"))

    let again = try stage.responder("dana", "resume")
    for _ in 1...3 { try await again.answers("so? ", "y") }
    try await again.sees("Detection: how bad is it?")
    try await again.answers("choice: ", "q")
    let second = try await again.ends(4)
    #expect(!second.contains("How was it noticed?"), "asked again:\n\(second)")
    let process = try await stage.record("RUN-1")
    #expect(process.step("how-noticed").state == "done" && process.step("triage").state == "done")
  }

  @Test("Left in a run of its own, the process waits with it; resume goes on there first, and then with the process")
  func leftInside() async throws {
    let stage = try stage()
    let dana = try stage.responder("dana", "run", "process", "--var", "report=x y", "--from", "mitigate")
    try await dana.answers("choice: ", "r")
    try await dana.answers("number or name, 0 for none: ", "stop-all")
    try await dana.answers("STOP to confirm: ", "STOP")
    try await dana.answers("answer: ", "q")
    let screen = try await dana.ends(4)
    #expect(screen.contains("RUN-2 waits for a person"), "\(screen)")
    let status = try await stage.andon("status")
    for text in ["RUN-1", "RUN-2", "waits for  Tell support", "andon resume RUN-1"] {
      #expect(status.stdout.contains(text), "\(status)")
    }

    // There is only one way to go on: from the outside in.
    let again = try stage.responder("lee", "resume")
    try await again.sees("Call support")
    try await again.answers("answer: ", "d")
    try await again.sees("Are more people needed?")
    try await again.answers("answer: ", "q")
    try await again.ends(4)
    #expect(try await stage.record("RUN-2")["run", "state"] == "done")
    let process = try await stage.record("RUN-1")
    #expect(process.step("mitigate").state == "done")
    #expect(process.step("mitigate").reason.contains("RUN-2"))
  }
}
