import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Contract anomalies", .inTurn, .needsDatabase, .needsChain, .timeLimit(.minutes(40)))
struct ContractAnomaliesTests {
  private func run(_ platform: Platform, _ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: platform.variables).run(["run", "contract-anomalies", "--auto"] + more)
  }

  /// A block with an event, on a contract that stays as it is; its number.
  private func event(_ chain: Chain) async throws -> Int {
    #expect(try await chain.cast(["send", chain.contract, "setPaused(bool)", "false"]).code == 0)
    return try await head(chain)
  }

  private func head(_ chain: Chain) async throws -> Int {
    let text = try await chain.cast(["block-number"]).stdout
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// A block in which nothing happens to the contract.
  private func emptyBlock(_ chain: Chain) async throws {
    #expect(try await chain.cast(["send", chain.owner, "--value", "0"]).code == 0)
  }

  private func events(_ platform: Platform) async throws -> [Int] {
    let step = try Record(await platform.andon("show", "RUN-1", "--step", "events", "--json")).json["step"]
    let text = step?["outputs", "stdout"]?.displayText ?? ""
    return text.matches(of: /blockNumber: (\d+)/).compactMap { Int($0.1) }
  }

  @Test("Without an event in its blocks, and not paused, it ends with 0 and asks nobody")
  func nothing() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      for _ in 0..<2 { try await emptyBlock(chain) }
      let result = try await run(platform, "--var", "blocks=1")
      #expect(result.code == 0, "\(result)")
      let record = try await platform.run()
      #expect(record.step("paused").outcome == "done verified")
      #expect(record.step("next").state == "skipped")
    }
  }

  @Test("It reads from the block it computed: an event that far back is shown, an older one is not")
  func fromBlock() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let older = try await event(chain)
      let newer = try await event(chain)
      try await emptyBlock(chain)
      let blocks = try await head(chain) - newer
      let result = try await run(platform, "--var", "blocks=\(blocks)")
      #expect(result.code == 4, "\(result)")
      #expect(try await events(platform) == [newer], "\(older) is older")
      #expect(try await platform.run().step("next").state == "waiting")
    }
  }

  @Test("A chain younger than the blocks asked for is read from its first block")
  func youngChain() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let block = try await event(chain)
      let result = try await run(platform, "--var", "blocks=10000")
      #expect(result.code == 4, "\(result)")
      #expect(try await events(platform).contains(block))
      #expect(try await platform.run().step("first-block").state == "skipped")
    }
  }

  @Test("A contract that is paused while trading is on fails the run; a pause of both is none")
  func paused() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      #expect(try await chain.cast(["send", chain.contract, "setPaused(bool)", "true"]).code == 0)
      #expect(try await chain.isPaused)
      let result = try await run(platform, "--var", "blocks=1")
      #expect(result.code == 1, "\(result)")
      let step = try await platform.run().step("paused")
      #expect(step.verification == "failed" && step.reason.contains("trading is on"), "\(step.reason)")

      try platform.database.query("UPDATE trades_config SET value = 'false' WHERE key = 'TRADES_ENABLED'")
      _ = try await run(platform, "--var", "blocks=1")
      #expect(try await platform.run("RUN-2").step("paused").outcome == "done verified")
      #expect(try await chain.isPaused, "looking changed it")
    }
  }

  @Test("Without the database the contract is read all the same, and a pause it cannot judge is unverified")
  func noDatabase() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      #expect(try await chain.cast(["send", chain.contract, "setPaused(bool)", "true"]).code == 0)
      let nowhere = "postgresql://nobody@127.0.0.1:\(unusedPort())/none"
      let result = try await platform.andon(
        "run", "contract-anomalies", "--auto", "--var", "blocks=1", changing: ["SUPABASE_DATABASE_URL": nowhere])
      #expect(result.code == 4, "\(result)")
      let record = try await platform.run()
      #expect(record.step("switch").state == "failed")
      #expect(record.step("paused").outcome == "done unverified")
    }
  }

  @Test("A chain where nobody answers fails the run at the first look")
  func noChain() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform(chain: chain)
      let result = try await platform.andon(
        "run", "contract-anomalies", "--auto", changing: ["RPC_URL": "http://127.0.0.1:\(unusedPort())"])
      #expect(result.code == 1, "\(result)")
      #expect(try await platform.run().step("head").state == "failed")
    }
  }
}
