/// Looks, over a second connection, at who keeps a statement waiting, while it still waits: afterwards nobody can tell.
final class LockWatch {
  private let connector: PostgresConnector
  private let applicationName: String
  private let pause: Duration
  private var connection: PostgresConnection?
  private(set) var holder: LockHolder?
  /// When to look next.
  private(set) var nextLook: ContinuousClock.Instant

  /// Looks first when half of the lock limit has passed: a wait that ends by itself sooner is nobody's business.
  init(connector: PostgresConnector, applicationName: String, lockLimit: Duration) {
    self.connector = connector
    self.applicationName = applicationName
    pause = max(lockLimit / 2, .milliseconds(100))
    nextLook = .now + pause
  }

  /// Asks once. A question that cannot be answered in time is dropped: the statement matters more.
  func look(within patience: Patience) {
    let limit = patience.atMost(min(pause, .seconds(1)))
    do {
      let connection = try connection ?? connector.connect(applicationName: "andon/lock-watch", within: limit)
      self.connection = nil
      if let found = try ask(connection, within: limit) { holder = found }
      self.connection = connection
      nextLook = .now + pause
    } catch {
      // Not every role may, and a busy server may have no connection left: once is enough to know.
      nextLook = .now + .seconds(3600)
    }
  }

  private func ask(_ connection: PostgresConnection, within patience: Patience) throws(PostgresFault) -> LockHolder? {
    try connection.enqueue(Self.question, [applicationName])
    try connection.enqueueSync()
    var found: LockHolder?
    _ = try connection.receive(within: patience) { row in
      guard found == nil, let pid = row.text(ofColumn: 0) else { return }
      found = LockHolder(
        pid: pid, user: row.text(ofColumn: 1), applicationName: row.text(ofColumn: 2),
        clientAddress: row.text(ofColumn: 3), openSeconds: row.text(ofColumn: 4), state: row.text(ofColumn: 5),
        query: row.text(ofColumn: 6))
    }
    try connection.receiveSync(within: patience)
    return found
  }

  private static let question = """
    SELECT holder.pid, other.usename, other.application_name, host(other.client_addr),
           extract(epoch FROM clock_timestamp() - other.xact_start)::bigint, other.state,
           left(regexp_replace(other.query, '\\s+', ' ', 'g'), 80)
    FROM pg_stat_activity AS mine
    CROSS JOIN LATERAL unnest(pg_blocking_pids(mine.pid)) AS holder(pid)
    LEFT JOIN pg_stat_activity AS other ON other.pid = holder.pid
    WHERE mine.application_name = $1 AND mine.pid <> pg_backend_pid()
    ORDER BY other.xact_start NULLS LAST LIMIT 1
    """
}
