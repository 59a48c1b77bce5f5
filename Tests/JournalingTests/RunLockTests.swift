import Foundation
import IncidentModel
import Journaling
import Synchronization
import TestSupport
import Testing

@Suite struct RunLockTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func lock(_ pid: Int, host: String = "here") throws -> RunLock {
    try RunLock(
      directory: folder.path, playbook: "p", environment: "e",
      holder: RunLock.Holder(pid: pid, host: host, actor: "a", run: "RUN-1", since: Timestamp(milliseconds: 0)))
  }

  /// The number of a process that is over.
  private func goneProcess() throws -> Int {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return Int(process.processIdentifier)
  }

  @Test("the lock of a process that was killed is waited for, as a child in the making may keep it for a moment")
  func afterlife() throws {
    let left = Mutex(try Optional(lock(goneProcess())))
    // A thread of its own: whoever waits for a lock keeps one of those that tasks share.
    Thread.detachNewThread {
      usleep(150_000)
      left.withLock { $0 = nil }
    }
    let taken = try lock(Int(getpid()))
    withExtendedLifetime(taken) {}
    #expect(left.withLock { $0 == nil })
  }

  @Test("whoever lives, or may live on another machine, is not waited for")
  func living() throws {
    for (pid, host) in [(Int(getpid()), "here"), (try goneProcess(), "elsewhere")] {
      let held = try lock(pid, host: host)
      let begin = ContinuousClock.now
      #expect {
        try lock(Int(getpid()))
      } throws: { error in
        guard case RunLock.Refusal.held(let holder?) = error else { return false }
        return holder.pid == pid && holder.run == "RUN-1"
      }
      #expect(ContinuousClock.now - begin < .milliseconds(900))
      withExtendedLifetime(held) {}
    }
  }

  @Test("a child that keeps the lock of a killed process for long is told of in the end")
  func keeper() throws {
    let pid = try goneProcess()
    let held = try lock(pid)
    #expect(throws: RunLock.Refusal.self) { try lock(Int(getpid())) }
    withExtendedLifetime(held) {}
  }
}
