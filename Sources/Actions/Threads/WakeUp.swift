internal import Glibc

/// A signal that a thread waiting in `poll` can see. It is given once and stays given.
final class WakeUp: Sendable {
  /// Becomes readable when the signal is given; -1, which `poll` ignores, if the system had no descriptor left.
  let descriptor: Int32
  private let giver: Int32

  init() {
    var pair: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    if socketpair(AF_UNIX, kind, 0, &pair) != 0 { pair = [-1, -1] }
    descriptor = pair[0]
    giver = pair[1]
  }

  deinit {
    close(descriptor)
    close(giver)
  }

  /// May be called from any thread, any number of times.
  func give() { _ = send(giver, [1], 1, Int32(MSG_NOSIGNAL)) }

  var isGiven: Bool {
    var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&question, 1, 0) > 0
  }
}
