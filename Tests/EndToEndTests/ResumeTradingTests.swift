import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Resuming trading", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ResumeTradingTests {
  private static let prerequisites = ["issue_resolved", "systems_verified", "audit_complete"]
  private static var met: [String] { prerequisites.flatMap { ["--var", "\($0)=true"] } }

  private func resume(_ platform: Platform, _ more: [String]) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(["run", "resume-trading"] + more)
  }

  private func paused() async throws -> Platform {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    return platform
  }

  @Test("resume takes a run as it was started: flags that would change it are refused, and nothing is touched")
  func resumeRefusesFlags() async throws {
    let platform = try Platform()
    _ = try await platform.pull()
    let before = platform.api.requests.count
    for flag in [["-n"], ["--drill"], ["--env", "staging"], ["--only", "tell-x"]] {
      let result = try await platform.andon("resume", "RUN-1", flag[0], flag.count > 1 ? flag[1] : "--plain")
      #expect(result.code == 64, "\(flag): \(result)")
      #expect(result.stderr.contains(flag[0]))
    }
    #expect(platform.api.requests.count == before)
  }

  @Test("A drill does not touch a real incident")
  func drillsStayApart() async throws {
    let platform = try Platform()
    _ = try await platform.pull()
    let result = try await platform.andon("pull", "--drill", "--confirm", "PAUSE", "--incident", "INC-1")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("INC-1"))
  }

  @Test("Without its prerequisites it refuses with 77 and names each that is missing")
  func prerequisitesMissing() async throws {
    let platform = try await paused()
    let requests = platform.api.requests.count
    let result = try await resume(
      platform, ["--auto", "--confirm", "RESUME", "--var", "systems_verified=true", "--var", "audit_complete=false"])
    #expect(result.code == 77, "\(result)")
    #expect(result.stderr.contains("issue_resolved") && result.stderr.contains("audit_complete"))
    #expect(result.stderr.contains("--var issue_resolved=true"))
    #expect(try platform.database.tradesEnabled == "false")
    #expect(platform.api.requests.count == requests)
  }

  @Test("Without a terminal and without --auto it names --auto")
  func noTerminal() async throws {
    let platform = try await paused()
    let result = try await resume(platform, Self.met)
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("--auto"))
  }

  @Test("--auto without the word names --confirm; a wrong word is 2; neither touches anything")
  func wordMissingOrWrong() async throws {
    let platform = try await paused()
    let missing = try await resume(platform, ["--auto"] + Self.met)
    #expect(missing.code == 64, "\(missing)")
    #expect(missing.stderr.contains("--confirm RESUME"))
    let wrong = try await resume(platform, ["--auto", "--confirm", "PAUSE"] + Self.met)
    #expect(wrong.code == 2, "\(wrong)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(try Record(await platform.andon("history", "--json")).json["runs"]?.items.count == 1)
  }

  @Test("A pull that was left open is not taken up once trading is back: nothing is tried, and trading goes on")
  func staysBack() async throws {
    let platform = try await paused()
    #expect(try await resume(platform, ["--auto", "--confirm", "RESUME", "--var", "watch=1s"] + Self.met).code == 4)
    let (requests, posts) = (platform.api.requests.count, platform.discord.messages.count)
    let result = try await platform.andon("resume", "RUN-1", "--auto", "--confirm", "PAUSE")
    #expect(result.code == 77 && result.stderr.contains("RUN-2 resume-trading came after RUN-1"), "\(result)")
    #expect(result.stderr.contains("andon cancel RUN-1"), "\(result)")
    #expect(platform.api.requests.count == requests && platform.discord.messages.count == posts)
    #expect(try platform.database.tradesEnabled == "true")
  }

  @Test("With everything it works: trading is back, a test order is accepted, the incident is joined and resolved")
  func works() async throws {
    let platform = try await paused()
    let result = try await resume(platform, ["--auto", "--confirm", "RESUME", "--var", "watch=2s"] + Self.met)
    #expect(result.code == 4, "\(result)")
    #expect(try platform.database.tradesEnabled == "true")
    #expect(try platform.database.value("SELECT count(*) FROM trades_orders") == "2")
    #expect(platform.discord.messages.count == 2)
    let run = try await platform.run("RUN-2")
    #expect(run["run", "incident"] == "INC-1")
    for step in ["enable-trades", "site-says-enabled", "test-order", "systems-operational", "watch-trading"] {
      #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)")
    }
    #expect(run.step("resume-contract").state == "skipped")

    let terminal = try platform.terminal("resume", "RUN-2")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    terminal.send("https://x.com/paco/status/2")
    #expect(try await terminal.wait().code == 0)
    let incident = try await platform.incident()
    #expect(incident["incident", "status"] == "resolved")
    let text = try await platform.andon("show", "RUN-2").stdout
    for name in Self.prerequisites {
      #expect(text.contains(name) || Self.recorded(platform, name), "\(name) is not on record")
    }
  }

  private static func recorded(_ platform: Platform, _ name: String) -> Bool {
    (try? JournalFile(platform).entries.contains { $0.body.contains(name) && $0.body.contains("run.started") }) ?? false
  }

  @Test("With the contract: it is resumed too, before the database", .needsChain)
  func resumesTheContract() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      #expect(try await platform.pull("--var", "contract_pause=true").code == 4)
      #expect(try await chain.isPaused)
      let result = try await resume(
        platform, ["--auto", "--confirm", "RESUME", "--var", "watch=1s", "--var", "contract_paused=true"] + Self.met)
      #expect(result.code == 4, "\(result)")
      #expect(try await !chain.isPaused)
      #expect(try platform.database.tradesEnabled == "true")
    }
  }

  @Test("The first failure stops: a contract that cannot be resumed leaves trading off")
  func firstFailureStops() async throws {
    let platform = try await paused()
    let result = try await resume(
      platform, ["--auto", "--confirm", "RESUME", "--var", "watch=1s", "--var", "contract_paused=true"] + Self.met)
    #expect([1, 2].contains(result.code), "\(result)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(platform.discord.messages.count == 1, "announced what did not happen")
    let run = try await platform.run("RUN-2")
    #expect(run.step("resume-contract").state == "failed")
    #expect(run.step("enable-trades").state != "done")
  }

  @Test("A guided walk asks before each change, and typing the word carries it out")
  func guidedWalk() async throws {
    let platform = try await paused()
    let terminal = try platform.terminal("run", "resume-trading", "--var", "watch=1s")
    for _ in Self.prerequisites {
      #expect(try await terminal.expect("[n] no: "), "\(terminal.transcript)")
      terminal.send("y")
    }
    #expect(try await terminal.expect("UPDATE trades_config SET value = 'true'"), "\(terminal.transcript)")
    #expect(try platform.database.tradesEnabled == "false")
    #expect(try await terminal.expect("RESUME or a letter: "), "\(terminal.transcript)")
    terminal.send("RESUME")
    #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
    #expect(try platform.database.tradesEnabled == "true")
    #expect(platform.api.requests.count { $0.method == "POST" } == 2, "the test order was sent before anybody agreed")
    terminal.send("q")
    #expect(try await terminal.wait().code == 4)
    #expect(try await platform.run("RUN-2").step("enable-trades").outcome == "done verified")
  }

  @Test("A guided walk whose prerequisite is answered with no ends with 77 before anything")
  func prerequisiteDenied() async throws {
    let platform = try await paused()
    let terminal = try platform.terminal("run", "resume-trading")
    #expect(try await terminal.expect("[n] no: "), "\(terminal.transcript)")
    terminal.send("n")
    #expect(try await terminal.expect("[n] no: "))
    terminal.send("y")
    #expect(try await terminal.expect("[n] no: "))
    terminal.send("y")
    let result = try await terminal.wait()
    #expect(result.code == 77, "\(result)")
    #expect(result.stdout.contains("issue_resolved"))
    #expect(try platform.database.tradesEnabled == "false")
  }
}
