import Dispatch
import IncidentModel
import Synchronization
import Testing

@Suite struct SpareThreadTests {
  @Test("work that blocks keeps no other work waiting, however much there is, and what comes after it is done too")
  func blocking() async {
    for _ in 1...2 {
      let (begun, go) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      let ended = Mutex(0)
      let done = DispatchSemaphore(value: 0)
      for _ in 1...40 {
        #expect(
          SpareThread.run {
            begun.signal()
            go.wait()
            ended.withLock { $0 += 1 }
            done.signal()
          })
      }
      let all = (1...40).allSatisfy { _ in begun.wait(timeout: .now() + .seconds(20)) == .success }
      #expect(all, "not all of them were begun")
      for _ in 1...40 { go.signal() }
      #expect((1...40).allSatisfy { _ in done.wait(timeout: .now() + .seconds(20)) == .success })
      #expect(ended.withLock { $0 } == 40)
    }
  }
}
