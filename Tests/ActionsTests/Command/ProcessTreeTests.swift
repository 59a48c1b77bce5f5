import Foundation
import IncidentModel
import Testing

@testable import Actions

extension CommandTests {
  @Suite("Whole process trees end, and nothing is left behind")
  struct Trees {
    /// Each leaves processes that a plain kill of the child, or of its group, would miss.
    static let stubborn = [
      "sleep 1000",
      "sleep 1000 & sleep 1000",
      "setsid sleep 1000 & sleep 1000",
      "(setsid sh -c 'setsid sleep 1000 & sleep 1000' &) ; sleep 1000",
      "(sh -c '(sleep 1000 &)' &); sleep 1000",
      "trap '' TERM; (trap '' TERM; sleep 1000) & while :; do sleep 1; done",
      "setsid sh -c \"trap '' TERM HUP INT; while :; do sleep 1; done\" & sleep 1000",
      "sleep 1000 & kill -STOP $!; kill -STOP $$; sleep 1000",
      "setsid env -i sleep 1000 & sleep 1000",
      "i=0; while [ $i -lt 100 ]; do (setsid sleep 1000 &) ; i=$((i+1)); done; sleep 1000",
    ]

    @Test("after a time limit, everything is gone within a second of the kill", arguments: stubborn)
    func timeLimit(text: String) async throws {
      let mark = freshMark()
      let start = ContinuousClock.now
      let result = await CommandPerformer(grace: .milliseconds(200)).perform(
        script(text, within: .milliseconds(400)), mark: mark)
      let took = ContinuousClock.now - start
      #expect(result.unknownReason == .timedOut)
      #expect(result.code == .timedOut)
      #expect(took < .milliseconds(400 + 200 + 1000 + 400))
      #expect(living(mark).isEmpty)
      #expect(result.warnings.isEmpty)
      #expect(await comesTrue { zombies().isEmpty })
    }

    @Test("cancelling ends the tree too, and is unknown")
    func cancelled() async throws {
      let mark = freshMark()
      let task = Task {
        await CommandPerformer(grace: .milliseconds(200)).perform(
          script("setsid sleep 1000 & trap '' TERM; while :; do sleep 1; done"), mark: mark)
      }
      #expect(await comesTrue { living(mark).count >= 2 })
      task.cancel()
      let result = await task.value
      #expect(result.unknownReason == .killed)
      #expect(result.code == .cancelled)
      #expect(living(mark).isEmpty)
    }

    @Test("cancelling at any moment, also while the child is being started, leaves nothing")
    func cancelledEarly() async throws {
      let marks = (0..<60).map { _ in freshMark() }
      await withTaskGroup(of: ActionResult.self) { group in
        for (number, mark) in marks.enumerated() {
          group.addTask {
            let task = Task {
              await CommandPerformer(grace: .milliseconds(50)).perform(script("sleep 1000 & sleep 1000"), mark: mark)
            }
            try? await Task.sleep(for: .microseconds(number * 150))
            task.cancel()
            return await task.value
          }
        }
        for await result in group { #expect(result.code == .cancelled) }
      }
      for mark in marks { #expect(living(mark).isEmpty) }
    }

    @Test("processes that end when asked are given the time to, and not killed")
    func grace() async {
      let result = await CommandPerformer(grace: .seconds(5)).perform(
        script("trap 'echo tidied; exit 0' TERM; while :; do sleep 0.05; done", within: .milliseconds(300)))
      #expect(result.unknownReason == .timedOut)
      #expect(result.outputs["stdout"] == .text("tidied\n"))
    }

    @Test("a process left in the background does not hold up the result, is left alone and named")
    func background() async {
      let mark = freshMark()
      let performer = CommandPerformer(grace: .milliseconds(200))
      let start = ContinuousClock.now
      let result = await performer.perform(script("sleep 1000 & echo started"), mark: mark)
      #expect(ContinuousClock.now - start < .seconds(2))
      #expect(result.outcome == .succeeded)
      #expect(result.outputs["stdout"] == .text("started\n"))
      #expect(result.warnings.contains { $0.contains("left running: sleep") })
      #expect(result.warnings.contains { $0.contains("held open") })
      #expect(living(mark).count == 1)

      #expect(await performer.endLeftovers(of: mark) == .clear("ended 1 process of \(mark.text): sleep"))
      #expect(living(mark).isEmpty)
      #expect(
        await performer.endLeftovers(of: mark) == .clear("no process of \(mark.text) runs on this machine"))
    }

    @Test("ending what is left of one attempt touches no other, not even of the same number")
    func otherAttempts() async {
      let (mine, others) = (freshMark(), freshMark())
      let performer = CommandPerformer(grace: .milliseconds(200))
      let detached =
        "setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 </dev/null & echo started"
      for mark in [mine, others] {
        #expect(await performer.perform(script(detached), mark: mark).outcome == .succeeded)
      }
      #expect(await comesTrue { !living(mine).isEmpty && !living(others).isEmpty })
      guard case .clear = await performer.endLeftovers(of: mine) else { return #expect(Bool(false), "not ended") }
      #expect(living(mine).isEmpty)
      #expect(!living(others).isEmpty)
      _ = await performer.endLeftovers(of: others)
      #expect(living(others).isEmpty)
    }

    @Test("200 short children at once leave no zombie and no descriptor, and all are told apart")
    func shortChildren() async {
      let performer = CommandPerformer()
      _ = await performer.perform(script("true"))
      let before = ourDescriptors()
      await withTaskGroup(of: Bool.self) { group in
        for number in 0..<200 {
          group.addTask {
            let result = await performer.perform(script("(true &); exit \(number % 7)"))
            return result.outputs["exit_code"] == .number(number % 7)
          }
        }
        for await isRight in group { #expect(isRight) }
      }
      #expect(await comesTrue { ourDescriptors() == before })
      #expect(
        await comesTrue(within: .seconds(10)) {
          ChildRegistry.shared.reapOrphans()
          return zombies().isEmpty
        })
    }
  }
}

/// Ended children of this process that nobody has collected.
private func zombies() -> [ProcessEntry] {
  ProcessTable.ownChildren().compactMap(ProcessTable.entry).filter { !$0.isAlive }
}

/// How many descriptors of the kinds that only commands use are open.
private func ourDescriptors() -> Int {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
  return names.filter { name in
    let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) ?? ""
    return target.hasPrefix("pipe:") || target.contains("pidfd") || target.contains("memfd")
  }.count
}
