internal import IncidentModel

/// One attempt at one statement on PostgreSQL, on the thread that runs it.
struct PostgresAttempt {
  let request: SQLRequest
  let applicationName: String
  let connector: PostgresConnector
  let key: IdleConnections.Key
  let idle: IdleConnections
  let patience: Patience

  /// How one go at it ended.
  private enum Go {
    case ended(ActionResult)
    /// The kept connection turned out to be dead before the server had seen anything.
    case deadConnection
    case markerTableMissing(ServerError)
  }

  func run() -> ActionResult {
    var result = perform()
    result.warnings += connector.address.warnings(connection: request.connection)
    return result
  }

  private func perform() -> ActionResult {
    let parameters: [String?]
    do { parameters = try checkedParameters() } catch { return ActionResult(.failed(error)) }
    var mayReuse = true
    var mayCreateTable = true
    while true {
      switch goOnce(parameters, mayReuse: mayReuse) {
      case .ended(let result): return result
      case .deadConnection: mayReuse = false
      case .markerTableMissing(let error):
        guard mayCreateTable else { return ActionResult(.failed(failures.markerTable(error))) }
        mayCreateTable = false
        if let failure = createMarkerTable() { return ActionResult(.failed(failure)) }
      }
    }
  }

  private func checkedParameters() throws(Failure) -> [String?] {
    if request.statement.utf8.contains(0) { throw BindingFailure.statementHoldsNUL }
    if StatementText.controlsTransaction(request.statement) { throw failures.transactionControl }
    return try PostgresValues.parameters(request.bindings)
  }

  private var failures: PostgresFailures { PostgresFailures(request: request, address: connector.address) }
}

// MARK: - One go

extension PostgresAttempt {
  private func goOnce(_ parameters: [String?], mayReuse: Bool) -> Go {
    let connection: PostgresConnection
    let isReused: Bool
    do { (connection, isReused) = try acquire(mayReuse: mayReuse) } catch {
      return .ended(ActionResult(.failed(failures.notConnected(error))))
    }
    let transaction = PostgresTransaction(connection)
    do {
      return try transact(transaction, parameters)
    } catch {
      if isReused, case .sent = transaction.stage, case .lost = error { return .deadConnection }
      if case .stopped = error, transaction.stage != .committing { endOnServer() }
      return .ended(ActionResult(failures.outcome(of: error, at: transaction.stage)))
    }
  }

  private func transact(_ transaction: PostgresTransaction, _ parameters: [String?]) throws(PostgresFault) -> Go {
    do { try patience.check() } catch { throw .stopped(error) }
    let limit = PostgresSettings.statementLimit(within: patience.remaining)
    try FailPoint.pass("sql.before-send") { PostgresFault.lost(reason: $0, server: nil) }
    try transaction.send(request, parameters: parameters, applicationName: applicationName, within: patience)
    try FailPoint.pass("sql.after-send") { PostgresFault.lost(reason: $0, server: nil) }
    let watch = LockWatch(connector: connector, applicationName: applicationName, lockLimit: request.lockLimit)
    let started = ContinuousClock.now
    let reply = try transaction.receive(within: patience, watch: watch)
    try FailPoint.pass("sql.after-statement") { PostgresFault.lost(reason: $0, server: nil) }
    let waiting = Waiting(elapsed: .now - started, statementLimit: limit, holder: watch.holder)
    switch reply {
    case .refused(let error, .marker): return refusedMarker(error, transaction, waiting)
    case .refused(let error, _):
      letGo(of: transaction)
      return .ended(ActionResult(.failed(failures.refused(error, waiting))))
    case .done(let completion): return .ended(try settle(transaction, completion))
    }
  }

  /// Holds the answer against the row contract, and only then makes it last.
  private func settle(
    _ transaction: PostgresTransaction, _ completion: PostgresConnection.Completion
  ) throws(PostgresFault) -> ActionResult {
    let count = completion.rows ?? transaction.collector.count
    var outputs = transaction.collector.outputs(rowCount: count)
    let warnings = transaction.collector.warnings
    if let contract = request.expectedRows, !contract.allows(count) {
      letGo(of: transaction)
      let failure = contract.failure(count: count, readOnly: request.readOnly, connection: request.connection)
      return ActionResult(.failed(failure), outputs: outputs, warnings: warnings)
    }
    if !request.readOnly {
      do { try patience.check() } catch {
        letGo(of: transaction)
        return ActionResult(failures.outcome(of: .stopped(error), at: .answered))
      }
      try FailPoint.pass("sql.before-commit") { PostgresFault.lost(reason: $0, server: nil) }
      let ending = try transaction.commit(within: patience)
      letGo(of: transaction)
      if let outcome = failures.outcome(ofCommit: ending) { return ActionResult(outcome, warnings: warnings) }
      if request.exactlyOnceKey != nil { outputs["already"] = .bool(false) }
    }
    if request.readOnly { letGo(of: transaction) }
    return ActionResult(.succeeded, outputs: outputs, warnings: warnings)
  }
}

// MARK: - Connections

extension PostgresAttempt {
  private func acquire(mayReuse: Bool) throws(PostgresFault) -> (PostgresConnection, isReused: Bool) {
    if mayReuse {
      do { try idle.awaitWarming(key, within: patience) } catch { throw .stopped(error) }
      if let connection = idle.take(key) {
        // A kept connection that does not answer at once is not worth waiting for.
        do {
          try connection.settle(within: patience.atMost(.seconds(1)))
          return (connection, true)
        } catch .stopped(.cancelled) {
          throw .stopped(.cancelled)
        } catch {}
      }
    }
    return (try connector.connect(applicationName: applicationName, within: patience), false)
  }

  /// Keeps the connection for the next step, as good as new. Nobody waits for that.
  private func letGo(of transaction: PostgresTransaction) {
    let connection = transaction.connection
    do {
      if transaction.stage != .over { try connection.enqueueUnattended("ROLLBACK") }
      // A statement may have left a setting, a temporary table or an advisory lock behind.
      try connection.enqueueUnattended("DISCARD ALL")
      idle.park(connection, key)
    } catch {
      // It closes as the last reference goes.
    }
  }

  /// Frees the locks of a statement we no longer wait for: the server alone would notice within a second or, when old,
  /// at its own time limit. Nothing depends on it: without our COMMIT nothing lasts.
  private func endOnServer() {
    let limit = Patience(.milliseconds(600))
    guard let connection = try? connector.connect(applicationName: "andon/cancel", within: limit) else { return }
    _ = try? PostgresFence(connector: connector, applicationName: applicationName).end(over: connection, within: limit)
  }
}

// MARK: - Exactly once

extension PostgresAttempt {
  private func refusedMarker(
    _ error: ServerError, _ transaction: PostgresTransaction, _ waiting: Waiting
  ) -> Go {
    letGo(of: transaction)
    switch error.sqlState {
    case "42P01": return .markerTableMissing(error)
    case "23505": return .ended(MarkerTable.alreadyDone(request.expectedRows))
    case "42501": return .ended(ActionResult(.failed(failures.markerTable(error))))
    default: return .ended(ActionResult(.failed(failures.refused(error, waiting))))
    }
  }

  /// In a transaction of its own. `nil` if the table may be there now.
  private func createMarkerTable() -> Failure? {
    do {
      let (connection, _) = try acquire(mayReuse: true)
      try FailPoint.pass("sql.before-marker-table") { PostgresFault.lost(reason: $0, server: nil) }
      try connection.enqueue(MarkerTable.creation(timestampType: "timestamptz", now: "now()"))
      try connection.enqueueSync()
      let answer = try connection.receive(within: patience)
      try connection.receiveSync(within: patience)
      try FailPoint.pass("sql.after-marker-table") { PostgresFault.lost(reason: $0, server: nil) }
      try connection.enqueueUnattended("DISCARD ALL")
      idle.park(connection, key)
      // Another session may have created it at the same moment: then the second go finds it.
      if case .refused(let error) = answer, error.sqlState != "23505" { return failures.markerTable(error) }
      return nil
    } catch {
      return failures.notConnected(error)
    }
  }
}
