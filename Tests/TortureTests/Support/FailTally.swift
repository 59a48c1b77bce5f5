import Foundation
import IncidentModel
import TestSupport

#if FAIL_POINTS
  /// What a list of fail-point cases came to.
  struct FailTally: Sendable {
    var cases = 0
    /// Those in which the plan did something.
    var fell = 0
    var effects = 0
    var seconds = 0
    var violations: [String] = []
    /// Points whose plan never fired.
    var missed: Set<String> = []
    private var fired: Set<String> = []
    private var tried: Set<String> = []

    /// Much of a case is waiting, so more of them at a time than there are cores.
    private static let lanes = 4

    /// Every case.
    static func of(_ cases: [FailCase]) async throws -> FailTally {
      let begin = ContinuousClock.now
      var all = try await withThrowingTaskGroup(of: FailTally.self) { group in
        for lane in 0..<lanes {
          group.addTask {
            let database = try ScratchDatabase()
            try database.furnish()
            let server = try EchoServer()
            var tally = FailTally()
            for (number, one) in cases.enumerated() where number % lanes == lane {
              try await tally.carryOut(one, database, server)
            }
            return tally
          }
        }
        var all = FailTally()
        for try await tally in group {
          all.cases += tally.cases
          all.fell += tally.fell
          all.effects += tally.effects
          all.violations += tally.violations
          all.fired.formUnion(tally.fired)
          all.tried.formUnion(tally.tried)
        }
        return all
      }
      all.missed = all.tried.subtracting(all.fired)
      all.seconds = Int((ContinuousClock.now - begin).components.seconds)
      return all
    }

    private mutating func carryOut(_ one: FailCase, _ database: any EffectDatabase, _ server: EchoServer) async throws {
      try database.forget()
      server.forget()
      let ground = try ProvingGround(
        database, server, top: "severity: P3",
        more: "- {id: later, incident: {follow_up: {title: Look again, due: 24h}}}")
      try ground.add("parking", top: "", steps: "- {id: ask, manual: {ask: 'Well?', answer: {type: bool}}}")
      let trial = FailTrial(ground: ground, one: one)
      let found = try await trial.violations()
      for violation in found {
        violations.append("\(one.plan): \(violation)")
        FileHandle.standardError.write(Data("broken: \(one.plan): \(violation)\n".utf8))
      }
      effects += try ground.effects.count
      cases += 1
      if !trial.fired.isEmpty { fell += 1 }
      tried.formUnion(one.points)
      fired.formUnion(trial.fired)
    }
  }

  /// One case from its fault to its good end.
  struct FailTrial {
    let ground: ProvingGround
    let one: FailCase

    private static let legal: Set<Int32> = [0, 1, 3, 4, 64, 65, 69, 73, 75, 78]

    private var log: String { ground.folder.file("fired") }

    /// The points at which something was done.
    var fired: Set<String> {
      Set(((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init))
    }

    func violations() async throws -> [String] {
      let faulty = ["ANDON_FAIL_POINTS": one.plan, "ANDON_FAIL_POINTS_LOG": log]
      var found: [String] = []
      func check(_ result: ProgramResult, _ what: String) {
        let isLegal = one.plan.contains("crash") && result.ending == .signal(9) || Self.legal.contains(result.code)
        if !isLegal { found.append("\(what) ended with \(result)") }
      }
      var begin = ProvingGround.begin
      switch one.situation {
      case .run: check(try await ground.run(begin, with: faulty), "the run")
      case .parking:
        begin[1] = "parking"
        check(try await ground.run(begin, with: faulty), "the run")
      case .resume(let effect):
        let killed = try await ground.run(begin, with: ["ANDON_FAIL_POINTS": "effect.after=crash@\(effect)"])
        if killed.ending != .signal(9) { found.append("it was not killed: \(killed)") }
        check(try await ground.run(ProvingGround.resume, with: faulty), "the resume")
      case .sending:
        _ = try await ground.run(begin, with: ["ANDON_FAIL_POINTS": "outbox.before-post=error@*"])
        check(try await ground.run(["notify", "outbox", "--send"], with: faulty), "the sending")
      }
      return found + (try await afterwards(begin))
    }

    /// With the fault gone: whatever is open is brought to its end, and the world agrees with the journal.
    private func afterwards(_ begin: [String]) async throws -> [String] {
      var found: [String] = []
      if try ground.journal.runs.isEmpty {
        let again = try await ground.run(begin)
        if ![0, 1, 3, 4].contains(again.code) { found.append("it could not be begun afterwards: \(again)") }
      }
      let isParking = begin[1] == "parking"
      var last: ProgramResult?
      for _ in 0..<3 where try ground.journal.runs.values.contains(where: { !$0.isOver && !(isParking && $0.isParked) })
      {
        last = try await ground.run(ProvingGround.resume)
      }
      let journal = try ground.journal
      for (id, run) in journal.runs where !run.isOver && !(isParking && run.isParked) {
        found.append("\(id) cannot be finished: \(last.map(String.init(describing:)) ?? "")")
      }
      found += Oracle(journal, try ground.effects).violations
      let verdict = try await ground.run(["journal", "verify"])
      if ![0, 3].contains(verdict.code) { found.append("the journal does not verify: \(verdict)") }
      return found
    }
  }
#endif
