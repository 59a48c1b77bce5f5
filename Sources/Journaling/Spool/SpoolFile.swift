internal import CLinux
import Glibc
internal import IncidentModel
import Synchronization

/// One file of a spool, being written. What `append` returned from is on its disk; the lock on it tells everybody that
/// more may come.
final class SpoolFile: Sendable {
  struct Trouble: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
    init(code: Int32) { reason = String(cString: strerror(code)) }
  }

  let path: String
  private let descriptor: Int32
  private let end = Mutex<Int>(0)

  /// - Parameter blank: makes a file that has its space already the one at `path`; false: there is none.
  init(path: String, claimBlank: () -> Bool) throws(Trouble) {
    self.path = path
    // Each write is on the disk when it returns.
    let flags = O_WRONLY | O_DSYNC | O_CLOEXEC | O_NOFOLLOW
    descriptor = claimBlank() ? open(path, flags) : open(path, flags | O_CREAT | O_EXCL, 0o600)
    if descriptor < 0 { throw Trouble(code: errno) }
    _ = clinux_lock_file(descriptor, 1, 0)
    Self.sync(folder: (path.split(separator: "/", omittingEmptySubsequences: false).dropLast()).joined(separator: "/"))
  }

  deinit { close(descriptor) }

  /// So that the name of the file outlives a power cut too. Best effort: not every file system can.
  private static func sync(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  func append(_ bytes: [UInt8]) throws(Trouble) {
    let failure = end.withLock { end -> Int32 in
      var done = 0
      while done < bytes.count {
        let count = bytes.withUnsafeBytes {
          pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, off_t(end + done))
        }
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          let code = count < 0 ? errno : ENOSPC
          // The whole of it goes elsewhere now. What a full disk took of it would read as damage.
          if code == ENOSPC { ftruncate(descriptor, off_t(end)) }
          return code
        }
        done += count
      }
      end += done
      return 0
    }
    if failure != 0 { throw Trouble(code: failure) }
  }
}
