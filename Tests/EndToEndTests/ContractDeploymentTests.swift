import Foundation
import TestSupport
import Testing

@Suite("Deploying a new contract", .inTurn, .needsChain, .timeLimit(.minutes(40)))
struct ContractDeploymentTests {
  /// A Foundry project, as far as the stand-in for forge needs one.
  private struct Project {
    let folder: TemporaryFolder
    let andon: AndonProgram

    init(_ chain: Chain, version: String = "2.0.0", account: String = Chain.ownerAccount) throws {
      folder = try TemporaryFolder()
      let source = try String(contentsOfFile: Repository.file("Tests/Chain/SwapEscrow.vy"), encoding: .utf8)
      try folder.write(source.replacing("\"1.0.0\"", with: "\"\(version)\""), to: "project/src/SwapEscrowV2.vy")
      try folder.write(
        """
        contract DeploySwapEscrowV2 is Script {
          function run() external { vm.startBroadcast(); new SwapEscrowV2(); vm.stopBroadcast(); }
        }
        """, to: "project/script/DeploySwapEscrowV2.s.sol")
      andon = AndonProgram(
        environment: chain.variables.merging([
          "USER": "dana", "LANG": "C.UTF-8", "ANDON_STATE": folder.file("state"),
          "CONTRACTS_DIR": folder.file("project"), "ETH_KEYSTORE_ACCOUNT": account,
        ]) { _, new in new })
    }

    func deploy() async throws -> ProgramResult {
      try await andon.run([
        "run", "contract", "--auto", "--confirm", "DEPLOY", "--var", "version=2.0.0", "--var", "audited=true", "--var",
        "tried_on_testnet=true",
      ])
    }

    var record: Record { get async throws { try Record(await andon.run(["show", "RUN-1", "--json"])) } }

    /// What the step that read the address printed.
    var address: String {
      get async throws {
        let step = try Record(await andon.run(["show", "RUN-1", "--step", "address", "--json"]))
        return step["step", "outputs", "stdout"].trimmingCharacters(in: .whitespacesAndNewlines)
      }
    }
  }

  @Test("It is on the chain, tells its version and its owner, and the move to it waits for people")
  func works() async throws {
    try await Chain.borrow { chain in
      let project = try Project(chain)
      let nonce = try await chain.ownerNonce
      let result = try await project.deploy()
      #expect(result.code == 4, "\(result)")
      #expect(try await chain.ownerNonce == nonce + 1)
      let address = try await project.address
      #expect(address.count == 42 && address.lowercased() != chain.contract.lowercased(), "\(address)")
      #expect(try await chain.cast(["call", address, "VERSION()(string)"]).stdout == "\"2.0.0\"\n")
      #expect(
        try await chain.cast(["call", address, "owner()(address)"]).stdout.lowercased()
          == "\(chain.owner.lowercased())\n")
      let run = try await project.record
      for step in ["owner-now", "deploy", "address", "version", "owner", "not-paused"] {
        #expect(run.step(step).outcome == "done verified", "\(step): \(run.step(step).reason)")
      }
      #expect(run.step("configure").state == "waiting")
      #expect(result.output.contains("TRADES_SWAP_ESCROW_ADDRESS_V2=\(address)"), "\(result)")
    }
  }

  @Test("The four steps of the move are asked for one after the other, and the end of them is the end of the run")
  func moves() async throws {
    try await Chain.borrow { chain in
      let project = try Project(chain)
      #expect(try await project.deploy().code == 4)
      let terminal = try Terminal([AndonProgram.path, "resume", "RUN-1"], environment: project.andon.environment)
      // Each: how many items of its list to tick, what is answered, and whether that is asked about once more.
      for (ticks, answer, sure) in [
        (0, "render and the frontend", false), (2, "0a1b2c3", false), (2, "0", true), (3, "bound anew", true),
      ] {
        for _ in 0..<ticks {
          #expect(try await terminal.expect("so? "), "\(terminal.transcript)")
          terminal.send("y")
        }
        #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
        terminal.send(answer)
        guard sure else { continue }
        #expect(try await terminal.expect("takes it back: "), "\(terminal.transcript)")
        terminal.send("y")
      }
      #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
      let run = try await project.record
      for step in ["configure", "support-both", "move-users", "deprecate"] { #expect(run.step(step).state == "done") }
    }
  }

  @Test("forge tells an address where no code is: the run fails before anybody is sent there")
  func noCode() async throws {
    try await Chain.borrow { chain in
      let project = try Project(chain)
      try project.folder.write("", to: "project/.stand-in-lies")
      let result = try await project.deploy()
      #expect(result.code == 1, "\(result)")
      let run = try await project.record
      #expect(run.step("deploy").outcome == "done verified")
      #expect(run.step("version").state == "failed")
      #expect(run.step("version").reason.contains("does not have any code"), "\(run.step("version").reason)")
      #expect(run.step("configure").state != "waiting")
    }
  }

  @Test("Another version than the one that was wanted, or another owner: the run fails and tells which")
  func wrongContract() async throws {
    try await Chain.borrow { chain in
      let old = try Project(chain, version: "1.9.0")
      #expect(try await old.deploy().code == 1)
      #expect(try await old.record.step("version").reason.contains("1.9.0"))
      let foreign = try Project(chain, account: Chain.strangerAccount)
      #expect(try await foreign.deploy().code == 1)
      let step = try await foreign.record.step("owner")
      #expect(step.outcome == "failed failed")
      #expect(step.reason.contains("0x"), "\(step.reason)")
    }
  }

  @Test("A script that is not there deploys nothing, and forge's words are told")
  func noScript() async throws {
    try await Chain.borrow { chain in
      let project = try Project(chain)
      try FileManager.default.removeItem(atPath: project.folder.file("project/script"))
      let nonce = try await chain.ownerNonce
      let result = try await project.deploy()
      #expect(result.code == 1, "\(result)")
      #expect(try await chain.ownerNonce == nonce)
      #expect(try await project.record.step("deploy").reason.contains("File not found"))
    }
  }
}
