import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The monthly audit of orders and contract", .inTurn, .needsDatabase, .needsChain, .timeLimit(.minutes(40)))
struct SecurityAuditTests {
  private let machineSteps = [
    "high-risk-orders", "risk-parameters", "database-roles", "contract-owner", "pause-refused", "fee-refused",
  ]

  @Test("It reads orders, roles and contract, and leaves the judging to a person; the contract is as it was")
  func audits() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      try platform.addOrders(3, risk: 71)
      try platform.addOrders(2, risk: 70)
      let nonce = try await chain.ownerNonce
      let result = try await platform.routine("security-audit", "contract_owner=\(chain.owner)")
      #expect(result.code == 4, "\(result)")
      let run = try await platform.run()
      for step in machineSteps { #expect(run.step(step).state == "done", "\(step): \(run.step(step).reason)") }
      for step in ["contract-owner", "pause-refused", "fee-refused"] {
        #expect(run.step(step).verification == "verified", "\(step): \(run.step(step).reason)")
      }
      #expect(run.step("judge-orders").state == "waiting")
      let makers = try await platform.outputs("high-risk-orders").json["step"]?["outputs"]?["rows"]?.items ?? []
      #expect(makers.map { $0["order_count"]?.displayText } == ["3"])
      #expect(try await chain.ownerNonce == nonce)
      #expect(try await !chain.isPaused)
    }
  }

  @Test("A person goes through it, and the run is done")
  func guided() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      let terminal = try platform.terminal("run", "security-audit", "--var", "contract_owner=\(chain.owner)")
      try await terminal.say("no pattern seen", at: "answer: ")
      try await terminal.say("yes", at: "answer: ")
      for _ in 1...4 { try await terminal.say("y", at: "so? ") }
      #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
      let run = try await platform.run()
      #expect(run.step("checklist").state == "done")
    }
  }

  @Test("A contract that belongs to somebody else fails the audit, and both addresses are named")
  func otherOwner() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      let expected = "0x00000000000000000000000000000000000000bb"
      let result = try await platform.routine("security-audit", "contract_owner=\(expected)")
      #expect(result.code == 1, "\(result)")
      let reason = try await platform.run().step("contract-owner").reason
      #expect(reason.contains(chain.owner.lowercased()) && reason.contains(expected), "\(reason)")
    }
  }

  @Test("A contract that does not refuse a stranger fails the audit")
  func refusesNobody() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      // An address without code takes every call.
      let cast = """
        #!/bin/sh
        case "$*" in *setFeeBps*) exit 0 ;; esac
        exec \(chain.tools)/cast "$@"
        """
      try platform.folder.write(cast, to: "tools/cast", mode: 0o700)
      let result = try await platform.routine(
        "security-audit", "contract_owner=\(chain.owner)",
        changing: ["PATH": "\(platform.folder.file("tools")):/usr/bin:/bin"])
      #expect(result.code == 1, "\(result)")
      let run = try await platform.run()
      #expect(run.step("pause-refused").verification == "verified")
      #expect(run.step("fee-refused").reason.contains("did not refuse"), "\(run.step("fee-refused").reason)")
    }
  }

  @Test("The disaster recovery review reads the contract's state, and asks a person to compare it")
  func recoveryReview() async throws {
    try await Chain.borrow { chain in
      let platform = try Platform.furnished(chain: chain)
      let terminal = try platform.terminal("run", "disaster-recovery-review")
      try await terminal.say("y", at: "so? ")
      let words = terminal.transcript.filter { !$0.isWhitespace }
      #expect(words.contains("owner\(chain.owner.lowercased()),pausedfalse,fee"), "\(terminal.transcript)")
      for _ in 1...2 { try await terminal.say("y", at: "so? ") }
      try await terminal.say("https://example.org/plan", at: "answer: ")
      #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
      let platformWithout = try Platform.furnished()
      #expect(try await platformWithout.routine("disaster-recovery-review").code == 1)
    }
  }
}
