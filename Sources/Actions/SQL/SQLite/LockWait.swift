internal import Glibc
internal import Synchronization

/// How long SQLite waits for a lock: at most the lock limit, and no longer than the attempt may go on.
///
/// SQLite's own busy timeout could not be called off.
final class LockWait: Sendable {
  private let limit: Duration
  private let patience: Patience
  private let since = Mutex<ContinuousClock.Instant?>(nil)

  init(limit: Duration, patience: Patience) {
    self.limit = limit
    self.patience = patience
  }

  /// Asked by SQLite each time it finds the file locked. Waits a little; false to give up.
  func goesOn() -> Bool {
    let began = since.withLock { since in
      let began = since ?? .now
      since = began
      return began
    }
    guard ContinuousClock.now - began < limit else { return false }
    return (try? patience.pause(for: .milliseconds(5))) != nil
  }
}
