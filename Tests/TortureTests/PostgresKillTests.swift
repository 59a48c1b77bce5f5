import Foundation
import TestSupport
import Testing

@Suite("PostgreSQL killed", .serialized, .enabled(if: PrivatePostgres.isThere), .timeLimit(.minutes(600)))
struct PostgresKillTests {
  @Test("SIGKILL of the server around COMMIT, of andon too in half of the rounds: what is said to have happened did")
  func killed() async throws {
    var chance = Chance.given
    let goal = Tries.of(quick: 60, long: 1_000)
    let server = try PrivatePostgres()
    try server.furnish()
    let ground = try ProvingGround(server, try EchoServer())
    try ground.add("commit", top: "connections: [db]", steps: Torture.sql)
    var begin = ProvingGround.begin
    begin[1] = "commit"
    var (kills, backends, both) = (0, 0, 0)
    var (tries, violations) = (0, [String]())
    while kills < goal, tries < goal * 5, violations.isEmpty {
      tries += 1
      // COMMIT takes its time, so that many kills meet it.
      let slow = "sql.before-commit=delay(10)@*;sql.commit-sent=delay(5)@*;sql.after-commit=delay(10)@*"
      let program = try ground.start(begin, with: ["ANDON_FAIL_POINTS": slow])
      try await Task.sleep(for: chance.milliseconds(80...420))
      let wasRunning = program.isRunning
      let alsoUs = chance.happens(0.5)
      if alsoUs { program.kill() }
      if chance.happens(0.4) {
        if server.killBackend() { backends += 1 }
      } else {
        server.kill()
      }
      let result = try await program.wait(within: .seconds(60))
      if result.ending != .signal(9), ![0, 1, 3, 69].contains(result.code) { violations.append("\(result)") }
      try server.restartIfKilled()
      if wasRunning { (kills, both) = (kills + 1, both + (alsoUs ? 1 : 0)) }
      let resumed = try await ground.run(ProvingGround.resume)
      if ![0, 1, 3, 64].contains(resumed.code) { violations.append("\(resumed)") }
      violations += Oracle(try ground.journal, try ground.effects).violations
    }
    for violation in violations { Issue.record("seed \(chance.seed): \(violation)") }
    try #require(violations.isEmpty && kills >= goal)
    let unknowns = Oracle(try ground.journal, try ground.effects).unknowns
    Figures.record(
      [
        "kills": kills, "of them of a backend alone": backends, "of andon as well": both,
        "wrong settlements": violations.count, "unknowns": unknowns, "effects": try ground.effects.count,
        "seed": Int(chance.seed),
      ],
      promise: "A change with a marker happens exactly once, and no lost COMMIT is believed",
      attack: "SIGKILL of a PostgreSQL server, or one of its backends, around COMMIT", in: "Crash safety")
  }
}
