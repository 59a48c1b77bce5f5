internal import Dispatch
internal import Glibc
import Synchronization

/// Ctrl-C, a polite kill, a closed terminal: caught, so that a command can put away what it holds before it goes.
struct CaughtSignals {
  private let caught = Caught()
  private let sources: [any DispatchSourceSignal]

  private final class Caught: Sendable {
    let first = Mutex<Int32?>(nil)
    let count = Mutex(0)
  }

  init(_ numbers: [Int32] = [SIGINT, SIGTERM, SIGHUP]) {
    let caught = caught
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        caught.first.withLock { $0 = $0 ?? number }
        caught.count.withLock { $0 += 1 }
      }
      source.resume()
      return source
    }
  }

  /// The first one that came.
  var first: Int32? { caught.first.withLock { $0 } }
  /// How many came so far, asked from anywhere.
  var counter: @Sendable () -> Int {
    let caught = caught
    return { caught.count.withLock { $0 } }
  }
}

enum StandardOutput {
  /// Whether nobody reads standard output any more: `| head` has seen enough.
  static var isGone: Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0
  }
}
