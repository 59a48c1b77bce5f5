import Foundation
import TestSupport
import Testing

@Suite("A dry run", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct DryRunTests {
  @Test("-n changes nothing anywhere, and shows every action resolved with secrets hidden", .needsChain)
  func changesNothing() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let nonce = try await chain.ownerNonce
      let result = try await platform.andon("pull", "pause-trading", "-n", "--var", "contract_pause=true")
      #expect(result.code == 0, "\(result)")
      #expect(try platform.database.tradesEnabled == "true")
      #expect(try await chain.ownerNonce == nonce)
      #expect(try await !chain.isPaused)
      #expect(platform.api.requests.count { $0.method != "GET" } == 0)
      #expect(platform.api.requests("GET", "/trades") >= 1, "a read probe is made for real")
      #expect(platform.discord.requests.count == 0)
      #expect(!platform.hasJournal, "a dry run left a journal")
      for text in [
        "UPDATE trades_config SET value = 'false'", #""value":"true""#, "cast", "send", chain.contract,
        "setPaused(bool)", "/api/trades/orders", "/api/trades/orders/1/fill", "trading on Paco", #""enabled":true"#,
      ] { #expect(result.stdout.contains(text), "missing '\(text)' in \(result)") }
      for gap in ["nil", "()", "null"] {
        #expect(!result.stdout.contains(gap), "a gap shows as '\(gap)' in \(result)")
      }
      for secret in [platform.database.password, platform.adminToken, platform.discord.token, try chain.password] {
        #expect(!result.output.contains(secret))
      }
    }
  }

  @Test("run -n needs no terminal, no word and no prerequisites")
  func runDryRun() async throws {
    let platform = try Platform()
    let result = try await platform.andon("run", "resume-trading", "-n")
    #expect(result.code == 0, "\(result)")
    #expect(try platform.database.tradesEnabled == "true")
    #expect(platform.api.requests.count { $0.method != "GET" } == 0)
    #expect(!platform.hasJournal)
  }

  @Test("What cannot be resolved is shown as a problem and names the variable; the rest is still shown")
  func problemsAreShown() async throws {
    let platform = try Platform()
    let result = try await platform.andon("pull", "-n", changing: ["API_URL": nil])
    #expect(result.code == 69, "\(result)")
    #expect(result.stdout.contains("API_URL"))
    #expect(result.stdout.contains("UPDATE trades_config"))
    #expect(!platform.hasJournal)
  }
}
