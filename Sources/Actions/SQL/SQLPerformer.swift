public import IncidentModel

/// Performs SQL statements: on PostgreSQL over connections it keeps between steps, on SQLite files directly.
///
/// A change is one transaction that is committed only after its row contract has been checked. What depends on the
/// server's mercy is as little as possible: until COMMIT is sent, nothing can last.
public final class SQLPerformer: Sendable {
  private let idle: IdleConnections

  /// - Parameter keptSessions: how many idle connections are kept for each database.
  public init(keptSessions: Int = 1) { idle = IdleConnections(most: keptSessions) }

  /// Performs one statement. Never throws: every way it can end is a result. Returns within the request's time limit and
  /// one second; at once, with `.cancelled`, when the task is cancelled.
  public func perform(_ request: SQLRequest, mark: AttemptMark) async -> ActionResult {
    let idle = idle
    switch request.database {
    case .sqlite(let path):
      return await onThread { calledOff in
        SQLiteAttempt(
          request: request, path: path, patience: Patience(request.timeLimit, calledOff: calledOff)
        ).run()
      }
    case .postgres(let url, let authority):
      let key = IdleConnections.Key(url: url.reveal { $0 }, certificateAuthority: authority)
      guard let address = PostgresAddress(url: key.url, certificateAuthority: authority) else {
        return ActionResult(.failed(.unreadableURL(connection: request.connection)))
      }
      return await onThread { calledOff in
        PostgresAttempt(
          request: request, applicationName: ApplicationName.of(mark), connector: PostgresConnector(address: address),
          key: key, idle: idle, patience: Patience(request.timeLimit, calledOff: calledOff)
        ).run()
      }
    }
  }

  /// Opens a connection ahead of the first step that needs it. A failure is not reported: the step will meet it itself.
  public func prewarm(database: SQLRequest.Database, connection: String) async {
    guard case .postgres(let url, let authority) = database else { return }
    let key = IdleConnections.Key(url: url.reveal { $0 }, certificateAuthority: authority)
    guard let address = PostgresAddress(url: key.url, certificateAuthority: authority) else { return }
    guard idle.beginWarming(key) else { return }
    let idle = idle
    await onThread { calledOff in
      let patience = Patience(.seconds(10), calledOff: calledOff)
      let connector = PostgresConnector(address: address)
      if let opened = try? connector.connect(applicationName: "andon", within: patience) { idle.park(opened, key) }
      idle.endWarming(key)
    }
  }

  /// Ends what a dead or timed-out attempt may have left running, and waits until it is gone; says so if that cannot be
  /// confirmed. Only after `.clear` may a check be believed.
  public func fence(
    database: SQLRequest.Database, connection: String, mark: AttemptMark, within limit: Duration
  ) async -> FenceOutcome {
    guard case .postgres(let url, let authority) = database else {
      return .clear("'\(connection)' is an SQLite file: a statement ends with the process that ran it")
    }
    let key = IdleConnections.Key(url: url.reveal { $0 }, certificateAuthority: authority)
    guard let address = PostgresAddress(url: key.url, certificateAuthority: authority) else {
      return .unconfirmed(Failure.unreadableURL(connection: connection).message)
    }
    let idle = idle
    return await onThread { calledOff in
      PostgresFence(connector: PostgresConnector(address: address), applicationName: ApplicationName.of(mark))
        .run(connection: connection, idle: idle, key: key, within: Patience(limit, calledOff: calledOff), limit: limit)
    }
  }

  /// Hangs up idle connections. Later steps still work, each over a connection of its own.
  public func close() async { idle.close() }
}

extension Failure {
  /// Without the text that could not be read: it holds a password.
  static func unreadableURL(connection: String) -> Failure {
    ClientLibraries.postgresFailure
      ?? Failure(
        .notConfigured, "the URL of connection '\(connection)' is not a PostgreSQL URL",
        advice: "write postgres://user:password@host:port/database, with special characters of the password as %XX")
  }
}
