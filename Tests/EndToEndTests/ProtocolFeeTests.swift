import Foundation
import TestSupport
import Testing

@Suite("The protocol fee", .inTurn, .needsDatabase, .needsChain, .timeLimit(.minutes(40)))
struct ProtocolFeeTests {
  private func fee(_ chain: Chain) async throws -> String {
    try await chain.cast(["call", chain.contract, "feeBps()(uint256)"]).stdout.trimmingCharacters(in: .newlines)
  }

  /// With a fee of 10 basis points.
  private func begin(_ chain: Chain) async throws -> Platform {
    let sent = try await chain.cast(["send", chain.contract, "setFeeBps(uint256)", "10"])
    try #require(sent.code == 0, "\(sent)")
    return try Platform(chain: chain)
  }

  @Test("It sets the fee and reads it back; the same fee again sends nothing")
  func works() async throws {
    try await Chain.borrow { chain in
      let platform = try await begin(chain)
      let result = try await platform.routine("protocol-fee", "fee_bps=50", confirm: "FEE")
      #expect(result.code == 0, "\(result)")
      #expect(try await fee(chain) == "50")
      let run = try await platform.run()
      #expect(run.step("set-fee").outcome == "done verified", "\(run.step("set-fee").reason)")
      let nonce = try await chain.ownerNonce
      #expect(try await platform.routine("protocol-fee", "fee_bps=50", confirm: "FEE").code == 0)
      #expect(try await platform.run("RUN-2").step("set-fee").state == "skipped")
      #expect(try await chain.ownerNonce == nonce)
    }
  }

  @Test("A fee out of range is refused before anything is read or sent", arguments: ["501", "-1", "0.5"])
  func outOfRange(value: String) async throws {
    try await Chain.borrow { chain in
      let platform = try await begin(chain)
      let result = try await platform.routine("protocol-fee", "fee_bps=\(value)", confirm: "FEE")
      #expect(result.code == 64, "\(result)")
      #expect(result.stderr.contains("fee_bps"))
      #expect(try await fee(chain) == "10")
      #expect(!platform.hasJournal)
    }
  }

  @Test("A key that is not the owner's: FAILED with the contract's own words, and the fee stays")
  func notTheOwner() async throws {
    try await Chain.borrow { chain in
      let platform = try await begin(chain)
      let result = try await platform.routine(
        "protocol-fee", "fee_bps=50", confirm: "FEE", changing: ["ETH_KEYSTORE_ACCOUNT": Chain.strangerAccount])
      #expect(result.code == 1, "\(result)")
      #expect(try await fee(chain) == "10")
      let reason = try await platform.run().step("set-fee").reason
      #expect(reason.contains("caller is not the owner"), "\(reason)")
    }
  }

  @Test("Without the word no transaction is made")
  func word() async throws {
    try await Chain.borrow { chain in
      let platform = try await begin(chain)
      let nonce = try await chain.ownerNonce
      #expect(try await platform.routine("protocol-fee", "fee_bps=50").code == 64)
      #expect(try await platform.routine("protocol-fee", "fee_bps=50", confirm: "PAUSE").code == 2)
      #expect(try await chain.ownerNonce == nonce)
      #expect(try await fee(chain) == "10")
    }
  }
}
