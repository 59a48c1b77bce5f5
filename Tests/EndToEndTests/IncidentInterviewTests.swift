import IncidentModel
import TestSupport
import Testing

@Suite("The questions about an incident", .inTurn, .timeLimit(.minutes(40)))
struct IncidentInterviewTests {
  @Test("Wrong keys, empty lines and 'unsure' decide nothing; a criterion's number decides, and is the reason")
  func interview() async throws {
    let desk = try OnCall()
    let terminal = try desk.terminal("incident", "open")
    let title = "leaves) "
    /// Types it, sees what comes of it, and waits for the next question: what is typed before it stands there is dropped.
    func say(_ line: String, expecting text: String, then prompt: String) async throws {
      terminal.send(line)
      #expect(try await terminal.expect(text), "after '\(line)':\n\(terminal.transcript)")
      #expect(try await terminal.expect(prompt), "after '\(line)':\n\(terminal.transcript)")
    }
    #expect(try await terminal.expect("What is wrong, in one line?"))
    #expect(try await terminal.expect(title))
    try await say("", expecting: "nothing was recorded", then: title)
    try await say("   ", expecting: "nothing was recorded", then: title)
    try await say("orders fail", expecting: "1  Trading platform down", then: "P0: ")
    for wrong in ["", "  ", "0", "5", "-1", "P1", "y", "b", "1 2"] {
      let answer = wrong.allSatisfy(\.isWhitespace) ? "Enter alone decides nothing" : "is not one of"
      try await say(wrong, expecting: answer, then: "P0: ")
    }
    try await say("\u{1B}[2J", expecting: "holds what no key writes as text", then: "P0: ")
    try await say("?", expecting: "take the worse one", then: "P0: ")
    try await say("n", expecting: "2  High error rates (>10%)", then: "P1: ")
    try await say("b", expecting: "1  Trading platform down", then: "P0: ")
    try await say("n", expecting: "1  ", then: "P1: ")
    #expect(!desk.hasJournal, "something was recorded before anything was decided")
    terminal.send("2")
    let result = try await terminal.wait()
    #expect(result.code == 0, "\(result)")
    let incident = try await desk.incident
    #expect(incident["incident", "severity"] == "P1")
    #expect(incident["incident", "title"] == "orders fail")
    #expect(incident["incident", "why"] == "High error rates (>10%)")
    #expect(terminal.transcript.contains("\\u{1B}[2J"), "a control character was not shown but obeyed")
  }

  @Test("Where no criterion holds one says the severity oneself, with a reason that is not empty")
  func ownWord() async throws {
    let desk = try OnCall()
    let terminal = try desk.terminal("incident", "open", "a strange noise")
    for level in ["P0: ", "P1: ", "P2: ", "P3: "] {
      #expect(try await terminal.expect(level), "\(terminal.transcript)")
      terminal.send("n")
    }
    #expect(try await terminal.expect("severity: "))
    for (line, answer) in [("", "severity: "), ("P7", "severity: "), ("p2", "why P2? "), ("", "severity: ")] {
      terminal.send(line)
      #expect(try await terminal.expect(answer), "after '\(line)':\n\(terminal.transcript)")
    }
    terminal.send("P2")
    #expect(try await terminal.expect("why P2? "))
    terminal.send("nobody knows it")
    #expect(try await terminal.wait().code == 0)
    let incident = try await desk.incident
    #expect(incident["incident", "severity"] == "P2")
    #expect(incident["incident", "why"] == "nobody knows it")
  }

  @Test("q and the end of input leave at every question with 2, and nothing is recorded", arguments: [true, false])
  func leaving(byEnd: Bool) async throws {
    let desk = try OnCall()
    let none = ["n", "n", "n", "n"]
    for answers in [[], ["title"], ["title", "n"], ["title"] + none, ["title"] + none + ["P1"]] {
      // At the question for a reason, 'q' could be one.
      if !byEnd, answers.last == "P1" { continue }
      let terminal = try desk.terminal("incident", "open")
      let prompts = ["leaves) ", "P0: ", "P1: ", "P2: ", "P3: ", "severity: ", "why P1? "]
      for (prompt, answer) in zip(prompts, answers + [nil]) {
        #expect(try await terminal.expect(prompt), "\(terminal.transcript)")
        if let answer { terminal.send(answer) } else if byEnd { terminal.sendEOF() } else { terminal.send("q") }
      }
      let result = try await terminal.wait()
      #expect(result.code == 2, "after \(answers): \(result)")
      #expect(result.stdout.contains("nothing was recorded"))
      #expect(!desk.hasJournal)
    }
  }

  @Test("Ctrl-C at a question ends it, and nothing is recorded")
  func controlC() async throws {
    let desk = try OnCall()
    let terminal = try desk.terminal("incident", "open", "orders fail")
    #expect(try await terminal.expect("P0: "))
    terminal.send("\u{3}")
    let result = try await terminal.wait()
    #expect(result.ending == .signal(2) || result.code == 130, "\(result)")
    #expect(!desk.hasJournal)
  }

  @Test("classify asks the same questions, and the criterion is the reason that stays")
  func classify() async throws {
    let desk = try await OnCall().opened("P1")
    let terminal = try desk.terminal("incident", "classify")
    #expect(try await terminal.expect("P0: "))
    terminal.send("4")
    #expect(try await terminal.wait().code == 0)
    let changes = try desk.recorded(.severityChanged)
    #expect(changes == [["from": "P1", "to": "P0", "why": "Smart contract exploit"]])
  }

  @Test("Calling goes down the list: not reached leads to the next one, each answer is recorded, Enter records none")
  func calling() async throws {
    let desk = try await OnCall().opened()
    let terminal = try desk.terminal("escalate", "--why", "needs the key")
    #expect(try await terminal.expect("CALL 1 of 3  On-call Engineer  (ana)  +44 20 7946 0001"))
    for wrong in ["", "yes", "1"] {
      #expect(try await terminal.expect("call: "))
      terminal.send(wrong)
    }
    #expect(try await terminal.expect("call: "))
    #expect(try desk.recorded(.escalated).isEmpty)
    terminal.send("n")
    #expect(try await terminal.expect("CALL 2 of 3  Technical Lead  no number: nobody has written it down yet"))
    #expect(try await terminal.expect("call: "))
    terminal.send("n")
    #expect(try await terminal.expect("CALL 3 of 3  DevOps  devops@example.org"))
    #expect(try await terminal.expect("call: "))
    terminal.send("y")
    #expect(try await terminal.wait().code == 0)
    let calls = try desk.recorded(.escalated)
    #expect(calls.map { $0["contact"] } == ["on-call-engineer", "technical-lead", "devops"])
    #expect(calls.map { $0["outcome"] } == ["not_reached", "not_reached", "reached"])
    #expect(calls.allSatisfy { $0["why"] == "needs the key" })
  }

  @Test("Leaving a call exits 2, keeps what was said before, and the next call begins with the one who is left")
  func leavingCall() async throws {
    let desk = try await OnCall().opened()
    let terminal = try desk.terminal("escalate")
    #expect(try await terminal.expect("call: "))
    terminal.send("n")
    #expect(try await terminal.expect("CALL 2 of 3"))
    terminal.sendEOF()
    #expect(try await terminal.wait().code == 2)
    #expect(try desk.recorded(.escalated).count == 1)
    let next = try await desk.andon("escalate")
    #expect(next.stdout.contains("Technical Lead"), "\(next)")
  }
}
