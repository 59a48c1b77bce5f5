import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The kill switch, whole", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct KillSwitchTests {
  @Test("A reader that goes away does not stop containment")
  func closedPipe() async throws {
    let platform = try Platform()
    var variables = platform.variables(changing: [:])
    variables["ANDON"] = AndonProgram.path
    let script = "\"$ANDON\" pull pause-trading --confirm PAUSE 2>&1 | head -1; echo"
    let result = try await RunningProgram(["/bin/sh", "-c", script], environment: variables).wait(within: .seconds(90))
    #expect(result.code == 0, "\(result)")
    try await eventually("the flag is off and the post is out") {
      try platform.database.tradesEnabled == "false" && platform.discord.messages.count == 1
    }
    try await eventually("the run is parked") {
      try await platform.andon("show", "RUN-1", "--json").stdout.contains("\"waiting\"")
    }
  }

  @Test("A moment in the future is refused, and nothing is touched")
  func futureDetection() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--detected-at", "2099-01-01T00:00:00Z")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("future"))
    #expect(try platform.database.tradesEnabled == "true")
  }

  @Test("pull with the contract: both effects are really there, verified, announced and recorded", .needsChain)
  func wholePull() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let result = try await platform.pull("--var", "contract_pause=true")

      // What the systems say.
      #expect(result.code == 4, "\(result)")
      #expect(try platform.database.tradesEnabled == "false")
      #expect(try await chain.isPaused)
      #expect(platform.discord.messages.count == 1)
      #expect(platform.discord.messages.first?.contains("Trading on Paco is paused") == true)
      #expect(platform.api.requests("GET", "/trades") >= 1)
      #expect(platform.api.requests("POST", "/api/trades/orders") == 1)
      #expect(platform.api.requests("POST", "/api/trades/orders/1/fill") == 1)
      #expect(try platform.database.value("SELECT count(*) FROM trades_orders") == "1", "a probe made an order")
      #expect(try platform.database.value("SELECT status FROM trades_orders WHERE id = 1") == "open")

      // What the record says.
      let run = try await platform.run()
      let proved = [
        "disable-trades", "pause-contract", "site-says-disabled", "order-creation-refused", "order-fill-refused",
      ]
      for step in proved { #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)") }
      for step in proved { #expect(!run.step(step).entries.isEmpty) }
      #expect(run.step("tell-discord").state == "done")
      #expect(run.step("tell-x").state == "waiting")
      #expect(run.step("tell-core-team").state == "waiting")
      #expect(run["run", "state"] == "waiting")
      #expect(run.target("contain") == "met")
      let incident = try await platform.incident()
      #expect(incident["incident", "severity"] == "P0")
      #expect(incident["incident", "why"].contains("responder"), "why and who: \(incident["incident", "why"])")
      #expect(incident.json["incident"]?["runs"]?.items.map(\.displayText) == ["RUN-1"])
      #expect(incident["incident", "milestones", "mitigated"] != "null")

      let verified = try await platform.andon("journal", "verify")
      #expect(verified.code == 0, "\(verified)")
      #expect(verified.stdout.contains("WHOLE AND ANCHORED"))
    }
  }

  @Test("Without contract_pause the contract is not touched", .needsChain)
  func contractIsLeftAlone() async throws {
    try await Chain.borrow { chain in
      let nonce = try await chain.ownerNonce
      let platform = try Platform(chain: chain)
      let result = try await platform.pull()
      #expect(result.code == 4, "\(result)")
      #expect(try platform.database.tradesEnabled == "false")
      #expect(try await !chain.isPaused)
      #expect(try await chain.ownerNonce == nonce)
      let run = try await platform.run()
      #expect(run.step("pause-contract").state == "skipped")
      #expect(run.step("pause-contract").reason.contains("contract_pause"))
    }
  }

  @Test("The output says what is done, what is proved, what is left to a person and what to type next")
  func outputOfAPull() async throws {
    let platform = try Platform()
    let result = try await platform.pull()
    #expect(result.code == 4, "\(result)")
    for text in [
      "INC-1 P0", "RUN-1", "PRODUCTION", "Disable trading in the database", "PARKED", "exit 4",
      "left to a person: Post the update on X (Twitter)", "andon resume RUN-1", "andon postmortem create INC-1",
      "journal.db",
    ] { #expect(result.stdout.contains(text), "missing '\(text)' in \(result)") }
  }

  @Test("Both clocks count from detection: noticed 20 minutes ago, both are missed and said to be")
  func missedTargets() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--detected-at", "20m ago")
    #expect(result.code == 4, "\(result)")
    #expect(result.stdout.contains("MISSED"))
    let run = try await platform.run()
    #expect(run.target("contain") == "missed")
    #expect(run.target("notify") != "met")
  }

  @Test("--incident joins an incident that is open, and no second one is opened")
  func joinsAnIncident() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let again = try await platform.pull("--incident", "INC-1")
    #expect(again.code == 4, "\(again)")
    let incident = try await platform.incident()
    #expect(incident.json["incident"]?["runs"]?.items.map(\.displayText) == ["RUN-1", "RUN-2"])
    let history = try Record(await platform.andon("history", "--json"))
    #expect(history.json["incidents"]?.items.count == 1)
  }

  @Test("--incident with an id that is not there is refused, names it and touches nothing")
  func joinsNoUnknownIncident() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--incident", "INC-9")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("INC-9"))
    #expect(try platform.database.tradesEnabled == "true")
    #expect(platform.api.requests.count == 0)
  }

  @Test("The three manual steps can be finished later: resume in a terminal closes the run with 0")
  func finishesByHand() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let terminal = try platform.terminal("resume", "RUN-1")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    terminal.send("https://x.com/paco/status/1")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    terminal.send("reached the on-call engineer")
    let result = try await terminal.wait()
    #expect(result.code == 0, "\(result)")
    let run = try await platform.run()
    #expect(run["run", "state"] == "done")
    #expect(run.step("tell-x").state == "done")
    #expect(platform.discord.messages.count == 1, "resume posted again")
  }

  @Test("An address that is none is not taken for the posted address")
  func refusesANonAddress() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let terminal = try platform.terminal("resume", "RUN-1")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    terminal.send("done it")
    #expect(try await terminal.expect("nothing was recorded"), "\(terminal.transcript)")
    #expect(try await terminal.expect("answer: "))
    terminal.sendEOF()
    #expect(try await terminal.wait().code == 4)
    #expect(try await platform.run().step("tell-x").state == "waiting")
  }

  @Test("The X draft comes with a compose link, in the terminal and in the record")
  func composeLink() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let step = try await platform.andon("show", "RUN-1", "--step", "tell-x")
    #expect(step.code == 0)
    #expect(step.stdout.contains("Trading on Paco is paused"), "\(step)")
    #expect(
      step.stdout.contains("https://x.com/intent/") || step.stdout.contains("https://twitter.com/intent/"), "\(step)")
  }
}
