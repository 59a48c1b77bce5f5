internal import CLinux
internal import Glibc
internal import IncidentModel
internal import Synchronization
internal import SystemPackage

/// A running postmaster and the small script above it, which ends it when we let go of a pipe: on purpose, or because
/// we are gone, however that came about.
final class ServerWatch: Sendable {
  private let end: Mutex<FileDescriptor?>
  private let script: Task<Void, Never>

  /// Starts `server` with these arguments. Whether it is ready shows in its folder.
  init(_ server: String, arguments: [String], in folder: ServerFolder) throws(Problem) {
    var ends: [Int32] = [-1, -1]
    let reason = clinux_make_pipe(&ends, 4096)
    guard reason == 0 else { throw Problem("no pipe: \(String(cString: strerror(reason)))") }
    let command = ServerCommand(
      program: "/bin/sh", arguments: ["-c", Self.text, "andon-sandbox", server] + arguments, account: folder.account,
      log: folder.log)
    let input = FileDescriptor(rawValue: ends[0])
    // The script waits for the end of it, which is never at hand where reading does not block.
    _ = fcntl(ends[0], F_SETFL, 0)
    end = Mutex(FileDescriptor(rawValue: ends[1]))
    script = Task.detached { _ = try? await command.run(input: input) }
  }

  deinit { try? end.withLock { $0 }?.close() }

  /// Returns when the postmaster is gone.
  func stop() async {
    end.withLock { descriptor in
      try? descriptor?.close()
      descriptor = nil
    }
    await script.value
  }

  /// SIGQUIT is PostgreSQL's immediate shutdown: nothing in it is worth more. It is sent until it is heard, as a
  /// postmaster that has only just begun does not listen yet. To kill it would leave its processes to themselves.
  private static let text = """
    "$@" </dev/null &
    server=$!
    cat >/dev/null
    tries=0
    while kill -QUIT "$server" 2>/dev/null; do
      tries=$((tries + 1))
      [ "$tries" -lt 500 ] || kill -KILL "$server"
      sleep 0.01
    done
    """
}
