internal import IncidentModel

/// Ends the sessions that an attempt left on the server, and waits until the server has let go of them.
struct PostgresFence {
  let connector: PostgresConnector
  let applicationName: String

  /// How many sessions were ended. The last one has undone its work when this returns.
  func end(over connection: PostgresConnection, within patience: Patience) throws(PostgresFault) -> Int {
    var ended: Set<String> = []
    var pause = Duration.milliseconds(5)
    while true {
      let left = try endOnce(over: connection, within: patience)
      if left.isEmpty { return ended.count }
      ended.formUnion(left)
      do { try patience.pause(for: pause) } catch { throw .stopped(error) }
      pause = min(pause * 2, .milliseconds(200))
    }
  }

  /// A session leaves this list only after its transaction is undone and its locks are free.
  private func endOnce(
    over connection: PostgresConnection, within patience: Patience
  ) throws(PostgresFault) -> [String] {
    try connection.enqueue(
      """
      SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = $1 AND pid <> pg_backend_pid()
      """, [applicationName])
    try connection.enqueueSync()
    var pids: [String] = []
    let answer = try connection.receive(within: patience) { row in
      if let pid = row.text(ofColumn: 0) { pids.append(pid) }
    }
    try connection.receiveSync(within: patience)
    if case .refused(let error) = answer { throw .lost(reason: error.message, server: error) }
    return pids
  }
}

extension PostgresFence {
  func run(
    connection name: String, idle: IdleConnections, key: IdleConnections.Key, within patience: Patience, limit: Duration
  ) -> FenceOutcome {
    do {
      try FailPoint.pass("sql.before-fence") { PostgresFault.lost(reason: $0, server: nil) }
      let connection = try acquire(idle, key, within: patience)
      let count = try end(over: connection, within: patience)
      try FailPoint.pass("sql.after-fence") { PostgresFault.lost(reason: $0, server: nil) }
      idle.park(connection, key)
      return .clear(
        count == 0
          ? "no session of \(applicationName) is left on '\(name)'"
          : "ended \(count == 1 ? "one session" : "\(count) sessions") of \(applicationName) on '\(name)'")
    } catch {
      return .unconfirmed(reason(error, connection: name, limit: limit))
    }
  }

  private func acquire(
    _ idle: IdleConnections, _ key: IdleConnections.Key, within patience: Patience
  ) throws(PostgresFault) -> PostgresConnection {
    if let kept = idle.take(key), (try? kept.settle(within: patience.atMost(.seconds(1)))) != nil { return kept }
    return try connector.connect(applicationName: "andon/fence", within: patience)
  }

  private func reason(_ fault: PostgresFault, connection: String, limit: Duration) -> String {
    switch fault {
    case .notConnected:
      ConnectionFailure(connection: connection, address: connector.address, limit: limit).failure(fault).message
    case .stopped(.timedOut):
      "sessions of \(applicationName) were not gone from '\(connection)' within \(limit.spokenText)"
    case .stopped(.cancelled): "cancelled while ending sessions of \(applicationName) on '\(connection)'"
    case .lost(let reason, let server):
      "cannot end sessions of \(applicationName) on '\(connection)': \(server?.message ?? reason)"
    case .unsupported(let reason): reason
    }
  }
}
