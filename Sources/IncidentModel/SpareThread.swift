internal import Dispatch
internal import Glibc
internal import Synchronization

/// A thread for work that may block, so that it never holds up Swift's cooperative pool.
///
/// When its work is done it waits for more: each run looks at its journal three times a second, and each statement of
/// a database has to be waited for. Few of them are worth a new stack.
public final class SpareThread: Sendable {
  private static let resting = Mutex<[SpareThread]>([])
  private static let mostResting = 8

  private let work = Mutex<(@Sendable () -> Void)?>(nil)
  private let isGiven = DispatchSemaphore(value: 0)

  /// Runs `body` at once. False, and nothing is run, when the system has no thread left to give.
  public static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
    let spare = resting.withLock { $0.popLast() }
    let thread = spare ?? SpareThread()
    thread.work.withLock { $0 = body }
    if spare == nil, !thread.start() { return false }
    thread.isGiven.signal()
    return true
  }

  private init() {}

  private func start() -> Bool {
    let own = Unmanaged.passRetained(self)
    var thread: pthread_t = 0
    let begin: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      if let context { Unmanaged<SpareThread>.fromOpaque(context).takeRetainedValue().serve() }
      return nil
    }
    let status = pthread_create(&thread, nil, begin, own.toOpaque())
    if status == 0 { pthread_detach(thread) } else { own.release() }
    return status == 0
  }

  private func serve() {
    repeat {
      isGiven.wait()
      work.withLock { $0.take() }?()
    } while rest()
  }

  /// False where enough others wait already.
  private func rest() -> Bool {
    Self.resting.withLock { resting in
      if resting.count < Self.mostResting { resting.append(self) }
      return resting.last === self
    }
  }
}
