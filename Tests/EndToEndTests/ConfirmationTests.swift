import Foundation
import TestSupport
import Testing

@Suite("The one word", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ConfirmationTests {
  private func expectNothingTouched(_ platform: Platform, sourceLocation: Testing.SourceLocation = #_sourceLocation)
    throws
  {
    #expect(try platform.database.tradesEnabled == "true", sourceLocation: sourceLocation)
    #expect(platform.api.requests.count { $0.method != "GET" } == 0, sourceLocation: sourceLocation)
    #expect(platform.discord.requests.count == 0, sourceLocation: sourceLocation)
    #expect(!platform.hasJournal, sourceLocation: sourceLocation)
  }

  @Test(
    "A wrong word given by --confirm touches nothing, not even a probe",
    arguments: ["pause", "PAUSE ", "yes", "RESUME", ""])
  func wrongWordGiven(word: String) async throws {
    let platform = try Platform()
    let result = try await platform.andon("pull", "pause-trading", "--confirm", word)
    #expect(result.code == 2, "\(result)")
    #expect(result.stderr.contains("nothing was touched"))
    #expect(platform.api.requests.count == 0)
    try expectNothingTouched(platform)
  }

  @Test(
    "Without a terminal and without --confirm it refuses, and names the flag with the word",
    arguments: ["pause-trading", nil])
  func noTerminal(playbook: String?) async throws {
    let platform = try Platform()
    let result = try await AndonProgram(environment: platform.variables).run(["pull"] + [playbook].compactMap(\.self))
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("--confirm PAUSE"))
    try expectNothingTouched(platform)
  }

  @Test("In a terminal it shows what will be touched, with the value now; the right word runs it")
  func rightWord() async throws {
    let platform = try Platform()
    let terminal = try platform.terminal("pull")
    #expect(try await terminal.expect("PAUSE to confirm: "), "\(terminal.transcript)")
    let offer = terminal.transcript
    for text in [
      "PRODUCTION", "Disable trading in the database", "UPDATE trades_config SET value = 'false'", #""value":"true""#,
      "andon run resume-trading",
    ] { #expect(offer.contains(text), "missing '\(text)' in:\n\(offer)") }
    #expect(!offer.contains(platform.database.password))
    try expectNothingTouched(platform)

    terminal.send("PAUSE")
    #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
    #expect(try platform.database.tradesEnabled == "false")
    terminal.send("q")
    let result = try await terminal.wait()
    #expect(result.code == 4, "\(result)")
    #expect(platform.discord.messages.count == 1)
    #expect(try await platform.run().step("disable-trades").outcome == "done verified")
  }

  @Test("A wrong word typed touches nothing", arguments: ["pause", "no", ""])
  func wrongWordTyped(word: String) async throws {
    let platform = try Platform()
    let terminal = try platform.terminal("pull", "pause-trading")
    #expect(try await terminal.expect("PAUSE to confirm: "), "\(terminal.transcript)")
    terminal.send(word)
    let result = try await terminal.wait()
    #expect(result.code == 2, "\(result)")
    #expect(result.stdout.contains("nothing was touched"))
    try expectNothingTouched(platform)
  }

  @Test("End of input at the prompt touches nothing")
  func endOfInput() async throws {
    let platform = try Platform()
    let terminal = try platform.terminal("pull", "pause-trading")
    #expect(try await terminal.expect("PAUSE to confirm: "), "\(terminal.transcript)")
    terminal.sendEOF()
    let result = try await terminal.wait()
    #expect([2, 4].contains(result.code), "\(result)")
    try expectNothingTouched(platform)
  }

  @Test("--no-input in a terminal asks nothing and names the flag")
  func noInput() async throws {
    let platform = try Platform()
    let terminal = try platform.terminal("pull", "pause-trading", "--no-input")
    let result = try await terminal.wait()
    #expect(result.code == 64, "\(result)")
    #expect(result.stdout.contains("--confirm PAUSE"))
    try expectNothingTouched(platform)
  }

  @Test("A playbook that is no kill switch is not pulled")
  func notAKillSwitch() async throws {
    let platform = try Platform()
    let result = try await platform.andon("pull", "resume-trading", "--confirm", "RESUME")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("andon run resume-trading"))
    try expectNothingTouched(platform)
  }

  @Test("A playbook that does not exist is named, with the near miss")
  func nearMiss() async throws {
    let platform = try Platform()
    let result = try await platform.andon("pull", "pause-tradng", "--confirm", "PAUSE")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("pause-trading"))
  }

  @Test("Params that are wrong are all named before anything is touched")
  func wrongParams() async throws {
    let platform = try Platform()
    let result = try await platform.pull("--var", "contract_pause=maybe", "--var", "contract_puase=true")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("contract_pause") && result.stderr.contains("maybe"))
    #expect(result.stderr.contains("contract_puase"))
    try expectNothingTouched(platform)
  }
}
