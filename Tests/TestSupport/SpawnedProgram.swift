internal import Foundation
internal import Glibc

/// Starts a program found on PATH with nothing on its standard streams. Collect it with `waitForExit`.
public func spawnQuietly(_ arguments: [String]) throws -> Int32 {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for descriptor in Int32(0)...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
  var items = arguments.map { strdup($0) }
  items.append(nil)
  defer { for item in items { free(item) } }
  var process = pid_t()
  let status = posix_spawnp(&process, arguments[0], &actions, nil, &items, environ)
  guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: status) ?? .ENOENT) }
  return process
}

/// The exit code; minus the signal if it was killed.
public func waitForExit(_ process: Int32) -> Int32 {
  var status: Int32 = 0
  while waitpid(process, &status, 0) < 0, errno == EINTR {}
  return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
}

/// Waits until somebody accepts connections on that port of 127.0.0.1; false if nobody does within 10 seconds.
public func waitUntilListening(_ port: Int) -> Bool {
  let end = ContinuousClock.now + .seconds(10)
  while ContinuousClock.now < end {
    if connects(to: port) { return true }
    usleep(10_000)
  }
  return false
}
