import Foundation
import Glibc
import TestSupport
import Testing

@Suite("The child killed", .serialized, .enabled(if: ScratchDatabase.isThere), .timeLimit(.minutes(600)))
struct ChildKillTests {
  @Test("SIGKILL of the program that a step runs: it is unknown, not done again by guess, and settled by its check")
  func killed() async throws {
    let chance = Chance.given
    let goal = Tries.of(quick: 40, long: 1_000)
    // Each waits most of the time.
    let lanes = 4
    let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
      for number in 0..<lanes {
        group.addTask { try await Self.lane(chance.lane(number), until: (goal + lanes - 1) / lanes) }
      }
      return try await group.reduce(into: Tally()) { sum, part in
        sum.kills += part.kills
        sum.unknowns += part.unknowns
        sum.effects += part.effects
        sum.violations += part.violations
      }
    }
    for violation in tally.violations { Issue.record("seed \(chance.seed): \(violation)") }
    try #require(tally.violations.isEmpty && tally.kills >= goal)
    #expect(tally.unknowns > 0 || !Tries.areMany)
    Figures.record(
      [
        "kills": tally.kills, "broken promises": tally.violations.count, "unknowns": tally.unknowns,
        "effects": tally.effects, "seed": Int(chance.seed),
      ],
      promise: "A program that was killed leaves an unknown, never a guess",
      attack: "SIGKILL of the child of a step at random instants", in: "Crash safety")
  }

  private struct Tally: Sendable {
    var (kills, unknowns, effects) = (0, 0, 0)
    var violations: [String] = []
  }

  private static func lane(_ chance: Chance, until goal: Int) async throws -> Tally {
    var chance = chance
    let database = try ScratchDatabase()
    try database.furnish()
    let ground = try ProvingGround(database, try EchoServer())
    let ledger = ground.folder.file("ledger")
    let script = #"echo "$ANDON_MARK" >>"$LEDGER"; sleep 0.2"#
    try ground.add(
      "children", top: "",
      steps: """
        - {id: script, shell: {run: '\(script)', env: {LEDGER: \(ledger)}}}
        - id: append-again
          idempotent: true
          shell: {run: 'sleep 0.1; \(script)', env: {LEDGER: \(ledger)}}
          verify:
            command: {run: [/bin/grep, -c, "/${run.id}/append-again/", \(ledger)], exit: [0, 1]}
            until: exit_code == 0
            every: 100ms
            within: 300ms
        """)
    var begin = ProvingGround.begin
    begin[1] = "children"
    var (tally, tries) = (Tally(), 0)
    while tally.kills < goal, tries < goal * 20, tally.violations.isEmpty {
      tries += 1
      let program = try ground.start(begin)
      try await Task.sleep(for: chance.milliseconds(100...700))
      let child = ProcessTable.family(of: program.pid).first {
        $0.parent == program.pid && $0.arguments.first == "/bin/sh"
      }
      if let child, Glibc.kill(child.pid, SIGKILL) == 0 { tally.kills += 1 }
      let result = try await program.wait(within: .seconds(60))
      if ![0, 1, 3].contains(result.code) { tally.violations.append("\(result)") }
      tally.violations += Oracle(try ground.journal, try ground.effects).violations
    }
    let oracle = Oracle(try ground.journal, try ground.effects)
    (tally.unknowns, tally.effects) = (oracle.unknowns, oracle.effects)
    return tally
  }
}
