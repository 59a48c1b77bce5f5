internal import Dispatch
internal import IncidentModel
import Synchronization

/// Waits for something that may never come back: a disk that hangs, a file that somebody else holds.
public enum Bounded {
  private final class Box<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
  }

  /// What `body` returns; `nil` when it has not returned within `limit`. Then its thread is left to itself, so `body`
  /// must do no harm when it goes on later. Where the system has no thread left, this one waits as long as it takes.
  public static func run<Result: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable () -> Result
  ) -> Result? {
    let box = Box<Result>()
    let done = DispatchSemaphore(value: 0)
    let work = { @Sendable in
      let result = body()
      box.result.withLock { $0 = result }
      done.signal()
    }
    if !SpareThread.run(work) { work() }
    let milliseconds = Int(max(limit, .zero) / .milliseconds(1))
    _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
    return box.result.withLock { $0 }
  }
}
