import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Actions

extension CommandTests {
  @Suite("Storms of processes")
  struct Storms {
    private static let limit = Duration.milliseconds(150)
    private static let grace = Duration.milliseconds(50)

    /// What became of one tree.
    private struct Fate: Sendable {
      let overrun: Duration
      let survivors: Int
      let warnings: [String]
    }

    private func fate(of tree: RandomTree) async -> Fate {
      let start = ContinuousClock.now
      let result = await CommandPerformer(grace: Self.grace).perform(script(tree.script, within: Self.limit))
      let overrun = Heartbeat.shared.overrun(of: Self.limit + Self.grace, since: start)
      return Fate(overrun: overrun, survivors: tree.survivors.count, warnings: result.warnings)
    }

    @Test(
      "of hundreds of trees drawn by lot, nothing is left a second after the kill deadline", .timeLimit(.minutes(20)))
    func trees() async {
      let count = Figures.tries(quick: 300, long: 2000)
      var fates: [Fate] = []
      await withTaskGroup(of: Fate.self) { group in
        for seed in 0..<count {
          if seed >= 3, let fate = await group.next() { fates.append(fate) }
          group.addTask { await fate(of: RandomTree(seed: UInt64(seed))) }
        }
        for await fate in group { fates.append(fate) }
      }
      let slowest = fates.map(\.overrun).max() ?? .zero
      #expect(fates.reduce(0) { $0 + $1.survivors } == 0)
      #expect(fates.flatMap(\.warnings).isEmpty)
      #expect(slowest < .seconds(1), "the slowest tree took \(slowest) after the kill deadline")
      Figures.record(
        [
          "trees": count, "survivors": fates.reduce(0) { $0 + $1.survivors },
          "slowest after the kill deadline, ms": Int(slowest.wholeMilliseconds),
        ],
        promise: "A command that has run out of time leaves no process behind",
        attack: "trees drawn by lot: setsid, double forks, ignored SIGTERM, stopped processes, cleared environments",
        in: "Processes")
    }

    @Test("a process that detaches itself twice and forgets its environment is found too")
    func forgetful() async throws {
      let nonce = "86400.\(UInt32.random(in: 1...UInt32.max))"
      let result = await CommandPerformer(grace: Self.grace).perform(
        script("(setsid env -i sh -c '(setsid sleep \(nonce) &)' &); sleep \(nonce)", within: Self.limit))
      #expect(result.unknownReason == .timedOut)
      #expect(!TestSupport.ProcessTable.all.contains { $0.arguments.contains(nonce) })
    }

    @Test("processes that hand over to a new one all the time, each in a session of its own, do not get away")
    func relay() async throws {
      let folder = try TemporaryFolder()
      // Each runner starts the next and ends: as many as began, with other ids at every look.
      let runner = try folder.write("#!/bin/sh\nsleep 0.02\nsetsid \"$0\" &\n", to: "relay", mode: 0o700)
      let start = ContinuousClock.now
      let result = await CommandPerformer(grace: Self.grace).perform(
        script("for i in $(seq 1 20); do setsid '\(runner)' & done; sleep 1000", within: .milliseconds(300)))
      let overrun = Heartbeat.shared.overrun(of: .milliseconds(300) + Self.grace, since: start)
      #expect(result.unknownReason == .timedOut)
      #expect(result.warnings.isEmpty)
      let left = TestSupport.ProcessTable.all.filter { $0.arguments.contains(runner) }
      for process in left { kill(process.pid, SIGKILL) }
      #expect(left.isEmpty)
      // What is not gone a second after the deadline is told as a warning; the rest is reading to the end.
      #expect(overrun < .seconds(2), "it took \(overrun)")
    }

    @Test("a storm of 200 processes that ignore every polite word is over within a second")
    func storm() async {
      let nonce = "86400.\(UInt32.random(in: 1...UInt32.max))"
      let start = ContinuousClock.now
      let result = await CommandPerformer(grace: Self.grace).perform(
        script(
          "trap '' TERM HUP INT; for i in $(seq 1 200); do (setsid sleep \(nonce) &); done; sleep \(nonce)",
          within: .seconds(2)))
      let overrun = Heartbeat.shared.overrun(of: .seconds(2) + Self.grace, since: start)
      #expect(result.unknownReason == .timedOut)
      #expect(result.warnings.isEmpty)
      #expect(!TestSupport.ProcessTable.all.contains { $0.arguments.contains(nonce) })
      #expect(overrun < .seconds(2), "it took \(overrun)")
      Figures.record(
        ["processes": 200, "gone after the kill deadline, ms": Int(overrun.wholeMilliseconds)],
        promise: "A command that has run out of time leaves no process behind",
        attack: "a fork storm that ignores SIGTERM",
        in: "Processes")
    }

    @Test(
      "thousands of short children, a hundred at a time, leave no zombie and no descriptor", .timeLimit(.minutes(20)))
    func shortChildren() async {
      let count = Figures.tries(quick: 1000, long: 10_000)
      let performer = CommandPerformer()
      _ = await performer.perform(script("true"))
      let before = openDescriptors()
      var mistaken = 0
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<count {
          if number >= 100, await group.next() == false { mistaken += 1 }
          group.addTask {
            // Half of them leave an orphan, which is ours to collect.
            let result = await performer.perform(script("\(number % 2 == 0 ? "(true &); " : "")exit \(number % 7)"))
            return result.outputs["exit_code"] == .number(number % 7)
          }
        }
        for await isRight in group where !isRight { mistaken += 1 }
      }
      #expect(mistaken == 0)
      #expect(await comesTrue { openDescriptors() == before })
      #expect(
        await comesTrue(within: .seconds(10)) {
          ChildRegistry.shared.reapOrphans()
          return ProcessStorm.zombies == 0
        })
      Figures.record(
        [
          "children": count, "told wrongly": mistaken, "zombies": ProcessStorm.zombies,
          "descriptors left": openDescriptors() - before,
        ],
        promise: "Short commands by the thousand leave nothing open",
        attack: "a hundred at a time, half with an orphan",
        in: "Processes")
    }

    /// All but those of the sockets that other suites may have open.
    private func openDescriptors() -> Int {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
      return names.filter { name in
        let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) ?? ""
        return target.hasPrefix("pipe:") || target.contains("pidfd") || target.contains("memfd")
      }.count
    }
  }
}

private enum ProcessStorm {
  /// Ended children of this process that nobody has collected.
  static var zombies: Int {
    Actions.ProcessTable.ownChildren().compactMap(Actions.ProcessTable.entry).filter { !$0.isAlive }.count
  }
}
