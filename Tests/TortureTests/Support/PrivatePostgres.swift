import Foundation
import Glibc
import Synchronization
import TestSupport

/// A PostgreSQL server of one test's own, on loopback, which the test may kill as it likes.
final class PrivatePostgres: EffectDatabase {
  private let folder: TemporaryFolder
  private let port: Int
  private let server = Mutex<Int32?>(nil)

  private static let programs = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))
    .flatMap { $0.compactMap(Int.init).max() }.map { "/usr/lib/postgresql/\($0)/bin" }
  static let isThere = programs != nil

  /// PostgreSQL refuses to run as root.
  private static let user =
    getuid() == 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] : []

  init() throws {
    folder = try TemporaryFolder()
    port = unusedPort()
    if !Self.user.isEmpty { _ = waitForExit(try spawnQuietly(["chown", "postgres", folder.path])) }
    let code = waitForExit(
      try spawnQuietly(
        Self.user + [
          "\(Self.programs ?? "")/initdb", "-D", folder.file("data"), "-U", "andon", "-A", "trust", "-E", "UTF8",
          "--locale=C", "--no-sync",
        ]))
    guard code == 0 else { throw CocoaError(.fileWriteUnknown) }
    try start()
  }

  deinit { kill() }

  var url: String { "postgres://andon@127.0.0.1:\(port)/postgres" }

  /// Starts it, after a kill too, and returns when it answers.
  func start() throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      let process = try spawnQuietly(
        Self.user + [
          "\(Self.programs ?? "")/postgres", "-D", folder.file("data"), "-p", "\(port)", "-c",
          "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
        ])
      server.withLock { $0 = process }
      while waitpid(process, nil, WNOHANG) == 0, ContinuousClock.now < end {
        if (try? query("SELECT 1", [])) != nil { return }
        usleep(20_000)
      }
      // The backends of the killed one may still be on their way out; until then it refuses to start.
      usleep(50_000)
    }
    throw CocoaError(.executableLoad)
  }

  /// SIGKILL, and the number is collected. Its backends notice and go.
  func kill() {
    server.withLock { process in
      guard let id = process else { return }
      Glibc.kill(id, SIGKILL)
      _ = waitForExit(id)
      process = nil
    }
  }

  /// Answers again, whatever was killed.
  func restartIfKilled() throws {
    if server.withLock({ $0 == nil }) { return try start() }
    let end = ContinuousClock.now + .seconds(60)
    while (try? query("SELECT 1", [])) == nil, ContinuousClock.now < end { usleep(20_000) }
  }

  /// SIGKILL to one backend that works for `andon`, on which the server throws out all others and recovers. False when
  /// there is none.
  func killBackend() -> Bool {
    let id = server.withLock { $0 } ?? 0
    // Its title says whom it works for: `postgres: andon postgres 127.0.0.1(52144) idle`.
    let backend = ProcessTable.all.first { entry in
      entry.parent == id && entry.arguments.joined(separator: " ").hasPrefix("postgres: andon postgres 127.0.0.1")
    }
    return backend.map { Glibc.kill($0.pid, SIGKILL) == 0 } ?? false
  }

  @discardableResult
  func query(_ statement: String, _ bindings: [String]) throws -> [[String?]] {
    let session = try ScratchDatabase.Session(url)
    defer { session.close() }
    return try session.run(statement, bindings)
  }
}
