internal import Dispatch
internal import Foundation
import Synchronization

/// Waits for something that may never come back: a disk that hangs, a file that somebody else holds.
public enum Bounded {
  private final class Box<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
  }

  /// What `body` returns; `nil` when it has not returned within `limit`. Then its thread is left to itself, so `body`
  /// must do no harm when it goes on later.
  public static func run<Result: Sendable>(
    within limit: Duration, _ body: @escaping @Sendable () -> Result
  ) -> Result? {
    let box = Box<Result>()
    let done = DispatchSemaphore(value: 0)
    BoundedThread.take { thread in
      let result = body()
      box.result.withLock { $0 = result }
      thread.rest()
      done.signal()
    }
    let milliseconds = Int(max(limit, .zero) / .milliseconds(1))
    _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
    return box.result.withLock { $0 }
  }
}

/// A thread that may be kept for long by one body. One that came back takes the next: a run looks at its journal three
/// times a second, and a hundred runs at once spent a quarter of their time on new stacks.
private final class BoundedThread: Sendable {
  private static let resting = Mutex<[BoundedThread]>([])

  private let work = Mutex<(@Sendable (BoundedThread) -> Void)?>(nil)
  private let isGiven = DispatchSemaphore(value: 0)

  static func take(_ body: @escaping @Sendable (BoundedThread) -> Void) {
    let thread = resting.withLock { $0.popLast() } ?? BoundedThread()
    thread.work.withLock { $0 = body }
    thread.isGiven.signal()
  }

  private init() {
    Thread.detachNewThread { [self] in
      while true {
        isGiven.wait()
        work.withLock { $0.take() }?(self)
      }
    }
  }

  /// It takes the next body as soon as this one has returned.
  func rest() { Self.resting.withLock { $0.append(self) } }
}
