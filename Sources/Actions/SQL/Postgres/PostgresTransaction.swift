internal import IncidentModel

/// One step's transaction on a connection, and how far it has got: that decides what a broken connection means.
final class PostgresTransaction {
  enum Stage {
    /// The server has not answered yet, not even to BEGIN: the session does not bear the attempt's name so far.
    case sent
    case answered
    /// COMMIT may have left us. Before this, the server undoes everything if we vanish.
    case committing
    /// The server said how it ended.
    case over
  }

  enum Part {
    case begin
    case settings
    case marker
    case statement
    case commit
  }

  enum Reply {
    case done(PostgresConnection.Completion)
    case refused(ServerError, Part)
  }

  let connection: PostgresConnection
  private(set) var stage = Stage.sent
  private(set) var collector = RowCollector()
  private var parts: [Part] = []

  init(_ connection: PostgresConnection) { self.connection = connection }

  /// Sends everything but the COMMIT of a change; that of a read comes along, since it decides nothing.
  func send(
    _ request: SQLRequest, parameters: [String?], applicationName: String, within patience: Patience
  ) throws(PostgresFault) {
    // Not READ WRITE: that would override a database which its owner has set to read-only.
    try add(.begin, request.readOnly ? "BEGIN READ ONLY" : "BEGIN")
    let settings = PostgresSettings(
      request: request, applicationName: applicationName, serverVersion: connection.serverVersion,
      remaining: patience.remaining)
    try add(.settings, settings.statement, settings.parameters)
    // Else the first answer would come only after the statement, and a dead connection could not be told from a session
    // that someone ended in the middle, perhaps to fence us off: the first may be replaced, the second must not be.
    try connection.enqueueFlush()
    if let key = request.exactlyOnceKey, !request.readOnly {
      try add(.marker, MarkerTable.insertion, [key, request.statement])
    }
    try add(.statement, request.statement, parameters)
    if request.readOnly { try add(.commit, "COMMIT") }
    try connection.enqueueSync()
  }

  private func add(_ part: Part, _ statement: String, _ parameters: [String?] = []) throws(PostgresFault) {
    try connection.enqueue(statement, parameters)
    parts.append(part)
  }

  /// Receives all answers. The first refusal is the reply; else what the statement itself came to.
  func receive(within patience: Patience, watch: LockWatch) throws(PostgresFault) -> Reply {
    var reply: Reply?
    var refusal: Reply?
    for part in parts {
      while try !connection.awaitAnswer(within: patience, pausingAt: watch.nextLook) { watch.look(within: patience) }
      let answer = try connection.receive(within: patience) { row in
        if part == .statement { collect(row) }
      }
      stage = .answered
      switch answer {
      case .done(let completion): if part == .statement { reply = .done(completion) }
      case .refused(let error): refusal = refusal ?? .refused(error, part)
      case .skipped: break
      }
    }
    try connection.receiveSync(within: patience)
    if parts.last == .commit, refusal == nil { stage = .over }
    guard let outcome = refusal ?? reply else { throw .lost(reason: "the server broke the protocol", server: nil) }
    return outcome
  }

  private func collect(_ row: borrowing PostgresRow) {
    let columns = 0..<row.columnCount
    collector.add(
      size: columns.reduce(0) { $0 + row.byteCount(ofColumn: $1) + row.name(ofColumn: $1).utf8.count },
      read: {
        columns.map { index in
          let value = PostgresValues.value(row.text(ofColumn: index), type: row.type(ofColumn: index))
          return (row.name(ofColumn: index), value)
        }
      })
  }

  /// Makes it last. Called off or out of time, it still gives the answer a moment to arrive: it is most likely on its
  /// way, and not knowing costs far more than the wait.
  func commit(within patience: Patience) throws(PostgresFault) -> Reply {
    try connection.enqueue("COMMIT")
    stage = .committing
    try connection.enqueueSync()
    try FailPoint.pass("sql.commit-sent") { PostgresFault.lost(reason: $0, server: nil) }
    do {
      _ = try connection.awaitAnswer(within: patience)
    } catch {
      guard case .stopped = error else { throw error }
      do { _ = try connection.awaitAnswer(within: Patience(.milliseconds(300))) } catch .stopped { throw error }
    }
    let rest = Patience(.milliseconds(300))
    let answer = try connection.receive(within: rest)
    try connection.receiveSync(within: rest)
    try FailPoint.pass("sql.after-commit") { PostgresFault.lost(reason: $0, server: nil) }
    stage = .over
    switch answer {
    case .done(let completion): return .done(completion)
    case .refused(let error): return .refused(error, .commit)
    case .skipped: throw .lost(reason: "the server skipped COMMIT", server: nil)
    }
  }
}
