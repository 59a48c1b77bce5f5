internal import CLinux
import Glibc
internal import IncidentModel
import Synchronization

/// One writer or checkpointer at a time, across processes and threads: SQLite before 3.51.3 can corrupt a WAL
/// journal when two connections write and checkpoint at once. Held for one transaction only; the kernel frees it
/// when its owner dies.
final class WriterLock: Sendable {
  private let descriptor: Int32
  private let path: String
  /// The kernel's lock belongs to the open file, so it does not keep our own threads apart.
  private let ownThreads = Mutex(())

  private let patience: Duration

  /// Throws `JournalError` when the lock file cannot be opened.
  /// - Parameter patience: how long another process may hold it.
  init(path: String, patience: Duration) throws(JournalError) {
    self.path = path
    self.patience = patience
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw JournalError.cannotWrite(path, String(cString: strerror(errno))) }
  }

  deinit { close(descriptor) }

  /// Runs `body` under the lock. Throws when another process keeps it for too long.
  func locked<Result>(_ body: () throws -> Result) throws -> Result {
    try ownThreads.withLock { _ in
      try wait(within: patience)
      defer { clinux_unlock_file(descriptor) }
      return try body()
    }
  }

  private func wait(within limit: Duration) throws(JournalError) {
    let start = ContinuousClock.now
    while true {
      let code = clinux_lock_file(descriptor, 1, 0)
      if code == 0 { return }
      guard code == EAGAIN || code == EACCES else {
        throw JournalError.cannotWrite(path, String(cString: strerror(code)))
      }
      if ContinuousClock.now - start > limit { throw JournalError.locked(path) }
      // A transaction takes a few milliseconds; the kernel offers no wait with a limit.
      usleep(1000)
    }
  }
}
