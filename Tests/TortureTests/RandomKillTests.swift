import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Killed at random", .serialized, .enabled(if: ScratchDatabase.isThere), .timeLimit(.minutes(600)))
struct RandomKillTests {
  /// Much of a run is waiting, so more of them than there are cores.
  private static let lanes = 4
  /// How long a lane goes on with one journal.
  private static let killsOfJournal = 125

  @Test("SIGKILL at any instant: no intent lost, no effect without one, nothing done twice, every unknown listed")
  func killed() async throws {
    let chance = Chance.given
    // A multiple of the lanes, so that none is missing.
    let goal = (Tries.of(quick: 1_000, long: 20_000) + Self.lanes - 1) / Self.lanes * Self.lanes
    let begin = ContinuousClock.now
    let lanes = try await withThrowingTaskGroup(of: KillTally.self) { group in
      for number in 0..<Self.lanes {
        group.addTask {
          var chance = chance.lane(number)
          let server = try EchoServer()
          var tally = KillTally()
          while tally.kills < goal / Self.lanes, tally.violations.isEmpty {
            let database = try ScratchDatabase()
            try database.furnish()
            let ground = try ProvingGround(database, server)
            server.forget()
            var lane = KillLane(ground: ground, chance: chance, tally: tally)
            try await lane.go(on: min(goal / Self.lanes, tally.kills + Self.killsOfJournal))
            (chance, tally) = (lane.chance, lane.tally)
          }
          return tally
        }
      }
      var all = KillTally()
      for try await tally in group { all.add(tally) }
      return all
    }
    let seconds = Int((ContinuousClock.now - begin).components.seconds)
    for violation in lanes.violations.prefix(20) { Issue.record("seed \(chance.seed): \(violation)") }
    try #require(lanes.violations.isEmpty, "seed \(chance.seed)")
    #expect(lanes.kills >= goal)
    #expect(lanes.inTheMiddle > goal / 10, "the kills hardly ever meet a step at work")
    #expect(lanes.effects > 0)
    #expect(lanes.slowestDecision <= 2_000, "seed \(chance.seed)")
    Figures.record(
      [
        "kills": lanes.kills, "of them with a step at work": lanes.inTheMiddle, "effects": lanes.effects,
        "broken promises": lanes.violations.count, "unknowns, all listed": lanes.unknowns,
        "slowest resume until it had decided, ms": lanes.slowestDecision, "journals verified": lanes.journals,
        "seconds": seconds, "seed": Int(chance.seed),
      ],
      promise: "An intent is durable before its effect, and nothing is done twice that is not idempotent",
      attack: "SIGKILL of andon at random instants of run and resume, on the same journals over and over",
      in: "Crash safety")
  }
}

/// What a lane came to.
struct KillTally: Sendable {
  /// Those that met a run that was not over.
  var kills = 0
  var inTheMiddle = 0
  var effects = 0
  var unknowns = 0
  var journals = 0
  /// Milliseconds from the start of the process.
  var slowestDecision = 0
  var violations: [String] = []

  mutating func add(_ other: KillTally) {
    kills += other.kills
    inTheMiddle += other.inTheMiddle
    effects += other.effects
    unknowns += other.unknowns
    journals += other.journals
    slowestDecision = max(slowestDecision, other.slowestDecision)
    violations += other.violations
  }
}

/// One journal under attack, by one process after the other.
struct KillLane {
  let ground: ProvingGround
  var chance: Chance
  var tally: KillTally
  /// How long a run takes when nobody kills it, in milliseconds.
  private var length = 900
  private var knownUnknowns = 0

  init(ground: ProvingGround, chance: Chance, tally: KillTally) {
    (self.ground, self.chance, self.tally) = (ground, chance, tally)
  }

  /// Until there were so many kills in all, or a promise is broken.
  mutating func go(on goal: Int) async throws {
    while tally.kills < goal, tally.violations.isEmpty { try await oneRun() }
    let verdict = try await ground.run(["journal", "verify"])
    if ![0, 3].contains(verdict.code) { tally.violations.append("the journal does not verify: \(verdict)") }
    tally.effects += try ground.effects.count
    tally.journals += 1
  }

  /// A run, killed and resumed until it is over.
  private mutating func oneRun() async throws {
    var arguments = ProvingGround.begin
    var wasKilled = false
    while true {
      let mayLive = wasKilled && chance.happens(0.35)
      let started = Date()
      let program = try ground.start(arguments)
      if !mayLive {
        try await Task.sleep(for: chance.milliseconds(20...max(length, 100)))
        program.kill()
      }
      let result = try await program.wait(within: .seconds(60))
      guard result.ending == .signal(9) else {
        try await look(at: result, of: arguments, since: started)
        if mayLive || !wasKilled { settleLength(result.elapsed, arguments) }
        return
      }
      if mayLive { return tally.violations.append("it did not end within a minute: \(arguments)") }
      wasKilled = true
      // Counted once it is known whether the run was over: the resume that follows says so.
      pending += 1
      arguments = ProvingGround.resume
    }
  }

  private var pending = 0

  private mutating func settleLength(_ elapsed: Duration, _ arguments: [String]) {
    guard arguments == ProvingGround.begin else { return }
    length = (length * 3 + Int(elapsed / .milliseconds(1))) / 4
  }

  /// Everything is quiet now: the world is compared with the journal.
  private mutating func look(at result: ProgramResult, of arguments: [String], since started: Date) async throws {
    let noneOpen =
      result.code == 64 && result.stderr.contains("no run is open")
      || result.code == 65 && result.stderr.contains("there is no journal")
    if ![0, 1, 3].contains(result.code), !noneOpen || arguments == ProvingGround.begin {
      tally.violations.append("\(arguments): \(result)")
    }
    let journal = try ground.journal
    let oracle = Oracle(journal, try ground.effects)
    tally.violations += oracle.violations
    if let open = journal.runs.first(where: { !$0.value.isOver }), !noneOpen {
      tally.violations.append("\(open.key) is still open after \(result)")
    }
    // The last kill met a run that had ended, or one that had not begun; nothing tells which, so it does not count.
    tally.kills += noneOpen ? pending - 1 : pending
    pending = 0
    if !noneOpen, arguments == ProvingGround.resume {
      let decided = journal.runs.values.filter { $0.takenOver ?? 0 >= Int64(started.timeIntervalSince1970 * 1000) }
        .compactMap(\.decided).max()
      if let decided {
        tally.slowestDecision = max(tally.slowestDecision, Int(decided) - Int(started.timeIntervalSince1970 * 1000))
      }
    }
    tally.inTheMiddle += journal.interruptions - knownInterruptions
    knownInterruptions = journal.interruptions
    if oracle.unknowns > knownUnknowns { try await listUnknowns(journal) }
    tally.unknowns += oracle.unknowns - knownUnknowns
    knownUnknowns = oracle.unknowns
  }

  private var knownInterruptions = 0

  /// Whatever is unknown is said to be.
  private mutating func listUnknowns(_ journal: WrittenJournal) async throws {
    for (id, run) in journal.runs where !run.unknowns.isEmpty && !listed.contains(id) {
      listed.insert(id)
      let shown = try await ground.run(["show", id, "--json"])
      let steps = (try? Value.json(Data(shown.stdout.utf8)))?["steps"]
      guard case .list(let steps)? = steps else { return tally.violations.append("cannot show \(id): \(shown)") }
      let listed = Set(steps.filter { $0["state"] == .text("unknown") }.compactMap { $0["id"]?.displayText })
      if listed != Set(run.unknowns) {
        tally.violations.append("\(id): unknown are \(run.unknowns), listed \(listed.sorted())")
      }
    }
  }

  private var listed: Set<String> = []
}
