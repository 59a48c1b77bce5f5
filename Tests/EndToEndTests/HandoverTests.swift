import IncidentModel
import TestSupport
import Testing

@Suite("From one person to another", .inTurn, .timeLimit(.minutes(40)))
struct HandoverTests {
  @Test("A live run is handed over at a prompt: the second terminal gets 75 before, and goes on after")
  func handover() async throws {
    let stage = try Stage.small()
    let dana = try stage.responder("dana", "run", "stop-payments")
    try await dana.answers("choice: ", "r")
    try await dana.sees("STOP or a letter: ")

    let early = try await stage.andon("resume", "RUN-1", as: "lee")
    #expect(early.code == 75, "\(early)")
    #expect(early.stderr.contains("being driven by dana"), "who drives it is not said: \(early)")
    let handed = try await stage.andon("incident", "handover", "RUN-1", "--to", "lee", "--why", "end of my shift")
    #expect(handed.code == 0, "\(handed)")
    let screen = try await dana.ends(4)
    #expect(screen.contains("handed over to lee"), "\(screen)")
    let status = try await stage.andon("status")
    #expect(status.stdout.contains("andon resume RUN-1") && status.stdout.contains("lee"), "\(status)")

    let lee = try stage.responder("lee", "resume", "RUN-1")
    try await lee.sees("you: lee")
    try await lee.answers("STOP or a letter: ", "s")
    try await lee.answers("why skip it? ", "the workers need it")
    try await lee.answers("answer: ", "d")
    try await lee.ends(3)
    let skip = try #require(try stage.entries(.stepSkipped).first)
    #expect(skip["by"]?.displayText == "lee")
    #expect(try await stage.record("RUN-1").step("gateway").attempts == 1, "done again by the second person")
  }

  @Test("A live run at a prompt and a parked one are cancelled from another terminal, and nothing more is done")
  func cancel() async throws {
    let stage = try Stage.small()
    let dana = try stage.responder("dana", "run", "stop-payments")
    try await dana.sees("choice: ")
    let asked = try await stage.andon("cancel", "RUN-1", "--why", "wrong playbook", as: "lee")
    #expect(asked.code == 0, "\(asked)")
    let screen = try await dana.ends(2)
    #expect(screen.contains("asked by lee: wrong playbook"), "\(screen)")
    #expect(try await stage.record("RUN-1")["run", "state"] == "cancelled")

    let second = try stage.responder("dana", "run", "stop-payments")
    try await second.answers("choice: ", "q")
    try await second.ends(4)
    let parked = try await stage.andon("cancel", "RUN-2")
    #expect(parked.code == 2, "\(parked)")
    #expect(try await stage.record("RUN-2")["run", "state"] == "cancelled")
    #expect(try await stage.andon("status").stdout.contains("RUNS (0)"))
    #expect(try stage.entries(.stepIntended).isEmpty, "a step was done all the same")
  }

  @Test("Cancelling a run whose step is another run ends both: one that was left open, and one that is asking")
  func cancelWithInnerRun() async throws {
    let stage = try Stage.small()
    _ = try stage.folder.write(
      "format: 1\nid: outer\nname: Outer\nsteps:\n  - {id: nest, playbook: {id: stop-payments}}\n",
      to: "playbooks/outer.yaml")
    let dana = try stage.responder("dana", "run", "outer")
    try await dana.answers("choice: ", "r")
    try await dana.sees("Stop payments at the gateway")
    try await dana.answers("choice: ", "q")
    try await dana.ends(4)
    #expect(try await stage.andon("cancel", "RUN-1").code == 2)
    for run in ["RUN-1", "RUN-2"] { #expect(try await stage.record(run)["run", "state"] == "cancelled", "\(run)") }

    let again = try stage.responder("dana", "run", "outer")
    try await again.answers("choice: ", "r")
    try await again.sees("Stop payments at the gateway")
    try await again.sees("choice: ")
    #expect(try await stage.andon("cancel", "RUN-3").code == 0)
    try await again.ends(2)
    for run in ["RUN-3", "RUN-4"] { #expect(try await stage.record(run)["run", "state"] == "cancelled", "\(run)") }
  }
}
