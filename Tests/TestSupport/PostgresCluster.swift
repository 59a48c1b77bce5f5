internal import Foundation
internal import Glibc
internal import Synchronization

/// A PostgreSQL server for one test, which may be killed, stopped and started again. Everybody on this machine is let
/// in; it listens on loopback only, and is gone with all it stored when it is let go of.
public final class PostgresCluster: Sendable {
  public let port: Int
  private let folder: TemporaryFolder
  private let binaries: String
  private let postmaster = Mutex<Int32?>(nil)

  /// False where no server can be started here.
  public static var isThere: Bool { newest != nil && (getuid() != 0 || getpwnam("postgres") != nil) }
  public static let absence = "no PostgreSQL server here: apt-get install postgresql"

  private static let newest: String? = {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    return all.compactMap { Int($0) }.max().map { "/usr/lib/postgresql/\($0)/bin" }
  }()

  public init() throws {
    guard let binaries = Self.newest else { throw ScratchDatabase.Trouble(Self.absence) }
    self.binaries = binaries
    folder = try TemporaryFolder()
    port = unusedPort()
    if getuid() == 0, let user = getpwnam("postgres") { chown(folder.path, user.pointee.pw_uid, user.pointee.pw_gid) }
    let made = waitForExit(
      try spawnQuietly(
        prefix + [
          "\(binaries)/initdb", "-D", data, "-U", "andon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
        ]))
    guard made == 0 else { throw ScratchDatabase.Trouble("initdb failed with \(made)") }
    try start()
    try waitUntilReady()
  }

  deinit { kill() }

  public var url: String { "postgres://andon@127.0.0.1:\(port)/postgres?sslmode=disable" }

  /// A connection that no test is about.
  public func session() throws -> ScratchDatabase.Session { try ScratchDatabase.Session(url) }

  /// SIGKILL to the server and all its processes at once, as when the machine loses its power.
  public func kill() {
    guard let pid = postmaster.withLock({ $0.take() }) else { return }
    let family = ProcessTable.family(of: pid).map(\.pid)
    for member in [pid] + family { Glibc.kill(member, SIGKILL) }
    _ = waitForExit(pid)
  }

  /// Starts it, and does not wait until it is ready.
  public func start() throws {
    let pid = try spawnQuietly(
      prefix + [
        "\(binaries)/postgres", "-D", data, "-p", "\(port)", "-c", "listen_addresses=127.0.0.1", "-c",
        "unix_socket_directories=", "-c", "fsync=off", "-c", "restore_command=\(hold)",
      ])
    postmaster.withLock { $0 = pid }
  }

  public func waitUntilReady() throws {
    let end = ContinuousClock.now + .seconds(30)
    while true {
      if (try? session()) != nil { return }
      guard ContinuousClock.now < end else { throw ScratchDatabase.Trouble("the server was not ready in 30 s") }
      // A server that was killed leaves memory behind for a moment, and the next one does not start then.
      if postmaster.withLock({ $0.map { waitpid($0, nil, WNOHANG) != 0 } ?? true }) { try start() }
      usleep(50_000)
    }
  }

  /// SIGSTOP or SIGCONT to the server itself, not to its sessions.
  public func signal(_ number: Int32) { _ = postmaster.withLock { $0.map { Glibc.kill($0, number) } } }

  // MARK: - Recovery

  /// The next start recovers until `letRecoveryEnd`.
  public func holdRecovery() throws {
    for name in ["recovery.signal", "held"] {
      guard FileManager.default.createFile(atPath: "\(data)/\(name)", contents: nil) else {
        throw POSIXError(.EACCES)
      }
      if getuid() == 0, let user = getpwnam("postgres") {
        chown("\(data)/\(name)", user.pointee.pw_uid, user.pointee.pw_gid)
      }
    }
  }

  public func letRecoveryEnd() { unlink("\(data)/held") }

  /// Finds nothing in the archive, but only when it may.
  private var hold: String { "while [ -e \(data)/held ]; do sleep 0.05; done; false" }
  private var data: String { folder.file("data") }

  /// PostgreSQL refuses to run as root.
  private var prefix: [String] {
    getuid() == 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] : []
  }
}
