import Glibc
import Synchronization

/// What was to be printed on standard output, of which a process has one, and did not get there.
public enum LostRecords {
  private static let first = Mutex<Int32?>(nil)

  /// Why, as a sentence: "No space left on device"; `nil` when nothing was lost, or when whoever read it had seen
  /// enough and went away, as `head` does.
  public static var reason: String? { first.withLock { $0 }.map { String(cString: strerror($0)) } }

  static func note(_ number: Int32) {
    if number == EPIPE { return }
    first.withLock { $0 = $0 ?? number }
  }
}
