internal import Foundation
internal import Glibc
internal import IncidentModel

/// A PostgreSQL server of our own: on loopback, behind a password that is made anew at each start, and gone with us.
struct PrivateServer: Sendable {
  let url: String
  let port: Int
  private let folder: ServerFolder
  private let watch: ServerWatch

  private static let role = "andon"

  /// Starts one with what it held the last time, and returns when it answers.
  /// - Throws: `Problem` when none is installed or it cannot run here.
  static func start(in directory: String, path: String?) async throws(Problem) -> PrivateServer {
    guard let programs = PostgresPrograms(path: path) else { throw Problem("install postgresql to drill its dialect") }
    let account = try ServerAccount.needed()
    if let account { await ServerFolder.sweep(account) }
    let folder = try ServerFolder(in: directory, account: account)
    await StrayServer.end(in: folder)
    // More than once: somebody may have taken the port just before it did, or processes of a server that was killed
    // may hold its memory for a moment.
    for attempt in 1...3 where folder.hasData && !folder.isSpare {
      if let server = try? await start(programs, in: folder) { return server }
      try? await Task.sleep(for: .milliseconds(200 * attempt))
    }
    // Nothing there, or nothing that this version can read: everything in it is made up, so it is made anew.
    await emptied(folder)
    return try await start(programs, in: folder)
  }

  private static func start(_ programs: PostgresPrograms, in folder: ServerFolder) async throws(Problem)
    -> PrivateServer
  {
    truncate(folder.log, 0)
    let password = freshToken()
    try await folder.hasData
      ? renew(password, programs, folder) : make(password, programs, folder)
    let port = try LoopbackPort.free()
    let watch = try ServerWatch(
      programs.server, arguments: ["-D", folder.data, "-p", "\(port)"] + settings(programs), in: folder)
    guard await isReady(folder, port: port) else {
      await watch.stop()
      throw trouble(folder)
    }
    return PrivateServer(
      url: "postgresql://\(role):\(password)@127.0.0.1:\(port)/postgres", port: port, folder: folder, watch: watch)
  }

  /// Returns when it is gone, and with it what nobody will come back to.
  func stop() async {
    await watch.stop()
    await StrayServer.end(in: folder)
    if folder.isSpare { await folder.remove() }
  }

  // MARK: - Its data

  /// The password is read from standard input, where no argument list tells it.
  private static func make(
    _ password: String, _ programs: PostgresPrograms, _ folder: ServerFolder
  ) async throws(Problem) {
    let command = ServerCommand(
      program: programs.initdb,
      arguments: [
        "-D", folder.data, "-U", role, "--auth-local=reject", "--auth-host=scram-sha-256", "--pwfile=/dev/stdin",
        "-E", "UTF8", "--locale=C", "--no-sync", "--wal-segsize=1",
      ], account: folder.account, log: folder.log)
    guard try await command.run(input: "\(password)\n") else { throw trouble(folder) }
  }

  /// By the server's single-user mode, which asks for none.
  private static func renew(
    _ password: String, _ programs: PostgresPrograms, _ folder: ServerFolder
  ) async throws(Problem) {
    let command = ServerCommand(
      program: programs.server,
      arguments: ["--single", "-D", folder.data, "-c", "fsync=off", "-c", "log_min_error_statement=panic", "postgres"],
      account: folder.account, log: folder.log)
    guard try await command.run(input: "ALTER ROLE \(role) PASSWORD '\(password)';\n") else { throw trouble(folder) }
  }

  private static func emptied(_ folder: ServerFolder) async {
    let removal = ServerCommand(
      program: "/bin/rm", arguments: ["-rf", folder.data], account: folder.account, log: "/dev/null")
    _ = try? await removal.run()
  }

  /// Quick rather than safe from power cuts, and small: it is a stand-in. What was committed has to be there after an
  /// immediate shutdown all the same, so `synchronous_commit` stays on.
  private static func settings(_ programs: PostgresPrograms) -> [String] {
    var settings = [
      "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=50", "shared_buffers=16MB",
      "fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
      "autovacuum=off", "timezone=UTC", "log_timezone=UTC",
    ]
    if programs.countsStatements { settings.append("shared_preload_libraries=pg_stat_statements") }
    return settings.flatMap { ["-c", $0] }
  }

  // MARK: - Whether it is there

  /// The postmaster writes it into its file; to ask it earlier would only fill its log.
  private static func isReady(_ folder: ServerFolder, port: Int) async -> Bool {
    let end = ContinuousClock.now + .seconds(15)
    while ContinuousClock.now < end {
      let lines = PostmasterFile(in: folder)
      if lines.port == port, lines.isReady { return true }
      if lastWords(folder) != nil { return false }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private static func lastWords(_ folder: ServerFolder) -> String? {
    guard let log = try? String(contentsOfFile: folder.log, encoding: .utf8) else { return nil }
    return log.split(separator: "\n").first {
      $0.contains("FATAL:") || $0.contains("PANIC:") || $0.contains("error:")
    }.map(String.init)
  }

  private static func trouble(_ folder: ServerFolder) -> Problem {
    Problem("PostgreSQL cannot run here: \(lastWords(folder) ?? "it says nothing; its log is \(folder.log)")")
  }
}
