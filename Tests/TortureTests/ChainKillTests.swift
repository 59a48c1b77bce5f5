import Foundation
import Glibc
import TestSupport
import Testing

@Suite(
  "Killed with a transaction on its way", .serialized, .enabled(if: ScratchDatabase.isThere && Chain.isThere),
  .timeLimit(.minutes(600)))
struct ChainKillTests {
  @Test(
    "SIGKILL of andon, or of cast: no transaction without an intent, none twice that is not idempotent, no nonce gap")
  func killed() async throws {
    try await Chain.borrow { chain in
      var chance = Chance.given
      let (goal, before, first) = (
        Tries.of(quick: 24, long: 1_000), try await chain.ownerNonce, try await chain.height + 1
      )
      let lane = try ChainLane(chain)
      let healthy = try await lane.run(lane.begin)
      try #require(healthy.code == 0, "\(healthy)")
      let length = Int(healthy.elapsed / .milliseconds(1))
      var (kills, ofCast, tries, violations) = (0, 0, 0, [String]())
      while kills < goal, tries < goal * 5, violations.isEmpty {
        tries += 1
        var arguments = try lane.begin
        var mayLive = false
        repeat {
          let program = try lane.start(arguments)
          if !mayLive {
            try await Task.sleep(for: chance.milliseconds(50...length))
            if chance.happens(0.3), lane.killCast(of: program.pid) {
              (kills, ofCast) = (kills + 1, ofCast + 1)
            } else {
              program.kill()
            }
          }
          let result = try await program.wait(within: .seconds(60))
          let wasKilled = result.ending == .signal(9)
          if wasKilled, try lane.isOpen { kills += 1 }
          if !wasKilled, ![0, 1, 3, 64, 65].contains(result.code) { violations.append("\(arguments): \(result)") }
          (arguments, mayLive) = (ProvingGround.resume, chance.happens(0.5))
        } while try lane.isOpen
        violations += try await lane.violations(since: first)
      }
      for violation in violations { Issue.record("seed \(chance.seed): \(violation)") }
      try #require(violations.isEmpty && kills >= goal)

      let transactions = try await chain.ownerTransactions(since: first)
      let nonces = transactions.map(\.nonce)
      #expect(nonces == Array(before..<before + nonces.count), "seed \(chance.seed)")
      #expect(try await chain.ownerNonce == before + nonces.count, "seed \(chance.seed)")
      Figures.record(
        [
          "kills": kills, "of them of cast alone": ofCast, "transactions": transactions.count,
          "broken promises": violations.count, "unknowns": try await lane.unknowns(since: first),
          "seed": Int(chance.seed),
        ],
        promise:
          "Every transaction on the chain has its intent in the journal, and is made no more often than it may be",
        attack: "SIGKILL of andon or of cast around a real signed transaction; the chain's nonces are the account",
        in: "Crash safety")
    }
  }
}

/// Runs that send: a payment, which may be made once, and a setting, which may be made again. Both carry the number of
/// their run, so that the chain itself tells whose they are.
private struct ChainLane {
  private let ground: ProvingGround
  private let chain: Chain

  init(_ chain: Chain) throws {
    self.chain = chain
    ground = try ProvingGround(try ScratchDatabase(), try EchoServer())
    try ground.add(
      "chain", top: "params: {number: {type: integer, required: true}}",
      steps: """
        - id: pay
          command: {run: [cast, send, "\(chain.contract)", --value, "${params.number}"], env: \(Self.key(chain))}
        - id: set-fee
          idempotent: true
          command: {run: [cast, send, "\(chain.contract)", setFeeBps(uint256), "${params.number}"], env: \(Self.key(chain))}
          verify:
            command: {run: [cast, call, "\(chain.contract)", feeBps()(uint256)], env: {ETH_RPC_URL: "\(chain.rpc)"}}
            until: number(trim(stdout)) == params.number
            every: 200ms
            within: 3s
        """)
  }

  private static func key(_ chain: Chain) -> String {
    "{ETH_RPC_URL: \"\(chain.rpc)\", ETH_KEYSTORE_ACCOUNT: \(Chain.ownerAccount), ETH_PASSWORD: \"\(chain.passwordFile)\"}"
  }

  /// The next run.
  var begin: [String] {
    get throws {
      let number = try ground.journal.runs.count + 1
      return ["run", "chain", "--var", "number=\(number)"] + ProvingGround.begin.dropFirst(2)
    }
  }

  func start(_ arguments: [String]) throws -> RunningProgram {
    let (home, tools) = (chain.variables["HOME"] ?? "", chain.variables["PATH"] ?? "")
    return try ground.start(arguments, with: ["HOME": home, "PATH": tools])
  }

  func run(_ arguments: [String]) async throws -> ProgramResult {
    try await start(arguments).wait(within: .seconds(60))
  }

  var isOpen: Bool { get throws { try ground.journal.runs.values.contains { !$0.isOver } } }

  /// False when none is at work at this moment.
  func killCast(of andon: Int32) -> Bool {
    let child = ProcessTable.family(of: andon).first { $0.parent == andon && $0.arguments.contains("send") }
    return child.map { Glibc.kill($0.pid, SIGKILL) == 0 } ?? false
  }

  private func oracle(since block: Int) async throws -> Oracle {
    let setting = "0x72c27b62"  // setFeeBps(uint256)
    let effects = try await chain.ownerTransactions(since: block).compactMap { transaction in
      let isSetting = transaction.data.hasPrefix(setting)
      let number = isSetting ? Int(transaction.data.dropFirst(setting.count), radix: 16) : transaction.value
      return Effect(mark: "andon/RUN-\(number ?? 0)/\(isSetting ? "set-fee" : "pay")//")
    }
    return Oracle(try ground.journal, effects)
  }

  func violations(since block: Int) async throws -> [String] { try await oracle(since: block).violations }

  func unknowns(since block: Int) async throws -> Int { try await oracle(since: block).unknowns }
}
