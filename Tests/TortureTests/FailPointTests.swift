import Foundation
import IncidentModel
import TestSupport
import Testing

#if FAIL_POINTS
  /// Every named place, in every way it can fail: the program ends as it should, the journal holds, and once the fault is
  /// gone the run can be brought to its end.
  @Suite("Fail points", .serialized, .enabled(if: ScratchDatabase.isThere), .timeLimit(.minutes(600)))
  struct FailPointTests {
    @Test(
      "Every fail point, in every kind, once and for ever: nothing lost, nothing twice, and the run can be finished")
    func singles() async throws {
      var cases = FailCase.all
      var chance = Chance.given
      // One of each place, and of the rest what the seed picks.
      if !Figures.isLong { cases = FailCase.some(Tries.of(quick: 520, long: .max), &chance) }
      let tally = try await FailTally.of(cases)
      for violation in tally.violations.prefix(20) { Issue.record("seed \(chance.seed): \(violation)") }
      try #require(tally.violations.isEmpty, "seed \(chance.seed)")
      try #require(tally.missed.isEmpty, "never passed: \(tally.missed)")
      #expect(tally.fell >= 400 || !Tries.areMany)
      Figures.record(
        [
          "cases in which something failed": tally.fell, "fail points": FailPlan.names.count + FailPlan.sureNames.count,
          "cases in all": tally.cases,
          "broken promises": tally.violations.count, "effects": tally.effects, "seconds": tally.seconds,
          "seed": Int(chance.seed),
        ],
        promise: "Whatever fails at whatever moment, the run can be finished once it is mended",
        attack: "named fail points: crash, error, delay, no space, I/O error; once and for ever", in: "Crash safety")
    }

    @Test("Two fail points close to each other: nothing lost, nothing twice", .enabled(if: Figures.isLong))
    func pairs() async throws {
      let tally = try await FailTally.of(FailCase.pairs)
      for violation in tally.violations.prefix(20) { Issue.record("\(violation)") }
      try #require(tally.violations.isEmpty)
      Figures.record(
        ["pairs": tally.cases, "broken promises": tally.violations.count, "seconds": tally.seconds],
        promise: "Two faults in one run harm no more than one", attack: "pairs of fail points at distance up to three",
        in: "Crash safety")
    }
  }

  /// One plan, and the situation in which it is carried out.
  struct FailCase: Sendable {
    enum Situation: Sendable {
      /// A run from its start.
      case run
      /// The resume of a run that was killed behind the given effect.
      case resume(effect: Int)
      /// A run that a question to a person ends.
      case parking
      /// What the outbox holds is sent.
      case sending
    }

    let plan: String
    let points: [String]
    let situation: Situation

    /// The second passage too: the first is often that of opening, before there is anything to lose.
    static let all: [FailCase] =
      FailPlan.names.flatMap { name in
        cases(name, "crash", ["1", "2", "3"])
          + ["error", "no-space", "io-error"].flatMap { cases(name, $0, ["1", "2", "*"]) }
          + cases(name, "delay(30)", ["*"])
      } + FailPlan.sureNames.flatMap { cases($0, "crash", ["1", "2"]) + cases($0, "delay(30)", ["*"]) }

    static func some(_ count: Int, _ chance: inout Chance) -> [FailCase] {
      let firsts = Dictionary(grouping: all, by: \.points).compactMapValues(\.first).values
      let others = all.filter { one in !firsts.contains { $0.plan == one.plan } }.shuffled(using: &chance)
      return (Array(firsts) + others).prefix(count).shuffled(using: &chance)
    }

    private static func cases(_ name: String, _ kind: String, _ passages: [String]) -> [FailCase] {
      passages.map { FailCase(plan: "\(name)=\(kind)@\($0)", points: [name], situation: situation(name)) }
    }

    static let pairs: [FailCase] = FailPlan.names.indices.flatMap { first in
      (1...3).flatMap { distance -> [FailCase] in
        guard first + distance < FailPlan.names.count else { return [] }
        let (a, b) = (FailPlan.names[first], FailPlan.names[first + distance])
        return ["crash", "error", "delay(30)", "io-error"].flatMap { one in
          ["crash", "error", "no-space"].map { other in
            FailCase(plan: "\(a)=\(one)@2;\(b)=\(other)@1", points: [a, b], situation: situation(a))
          }
        }
      }
    }

    private static func situation(_ name: String) -> Situation {
      switch name {
      case "sql.before-fence", "sql.after-fence": .resume(effect: 3)
      case "command.before-fence", "command.after-fence": .resume(effect: 10)
      case _ where name.hasPrefix("resume."): .resume(effect: 3)
      case "drive.before-park", "drive.after-park": .parking
      case "outbox.before-receipt": .sending
      default: .run
      }
    }
  }
#endif
