internal import IncidentModel

/// Asks a PostgreSQL server what statements would meet there. Each question is a READ ONLY transaction of its own that is
/// rolled back. EXPLAIN plans a statement and checks the rights of this user, also of a change, and does nothing of it.
struct PostgresExamination {
  let database: SQLRequest.Database
  let connection: String
  let connector: PostgresConnector
  let questions: [SQLQuestion]
  let limit: Duration
  let patience: Patience

  /// Limits of one question.
  private static let timeLimit = Duration.seconds(3)
  private static let lockLimit = Duration.seconds(1)

  func run() -> SQLExamination {
    var examination = SQLExamination()
    examination.warnings = connector.address.warnings(connection: connection)
    do {
      let session = try connector.connect(applicationName: "andon/doctor", within: patience)
      try lookAround(session, &examination)
      examination.guardedTables = try guardedTables(session)
      examination.answers = try answers(session)
    } catch {
      examination.failure =
        ConnectionFailure(connection: connection, address: connector.address, limit: limit).failure(error)
    }
    return examination
  }

  /// Everything travels at once: what counts is how far away the server is, not how many questions there are.
  private func answers(
    _ session: PostgresConnection
  ) throws(PostgresFault) -> [SQLQuestion: SQLExamination.Answer] {
    let inquiries = questions.map { PostgresInquiry($0) }
    for inquiry in inquiries {
      for ask in inquiry.asks { try send(ask.statement, ask.parameters, over: session) }
    }
    var answers: [SQLQuestion: SQLExamination.Answer] = [:]
    for inquiry in inquiries {
      var replies: [PostgresInquiry.Reply] = []
      for _ in inquiry.asks { replies.append(try receive(session)) }
      answers[inquiry.question] = inquiry.answer(replies, failures(inquiry.question))
    }
    for inquiry in inquiries {
      guard case .fails(var failure)? = answers[inquiry.question],
        let ask = PostgresRights.question(about: failure, statement: inquiry.question.statement)
      else { continue }
      try send(ask.statement, ask.parameters, over: session)
      failure.message += PostgresRights.sentence(try receive(session).rows, user: connector.address.user)
      answers[inquiry.question] = .fails(failure)
    }
    return answers
  }

  private func failures(_ question: SQLQuestion) -> PostgresFailures {
    PostgresFailures(request: request(question.statement), address: connector.address)
  }

  private func request(_ statement: String) -> SQLRequest {
    SQLRequest(
      database: database, connection: connection, statement: statement, readOnly: true, timeLimit: Self.timeLimit,
      lockLimit: Self.lockLimit)
  }
}

// MARK: - One question

extension PostgresExamination {
  private func send(
    _ statement: String, _ parameters: [String?], over session: PostgresConnection
  ) throws(PostgresFault) {
    let settings = PostgresSettings(
      request: request(statement), applicationName: "andon/doctor", serverVersion: session.serverVersion,
      remaining: Self.timeLimit)
    try session.enqueue("BEGIN READ ONLY")
    try session.enqueue(settings.statement, settings.parameters)
    try session.enqueue(statement, parameters)
    try session.enqueueSync()
    try session.enqueue("ROLLBACK")
    try session.enqueueSync()
  }

  private func receive(_ session: PostgresConnection) throws(PostgresFault) -> PostgresInquiry.Reply {
    var reply = PostgresInquiry.Reply()
    for part in 0..<3 {
      var rows: [[String?]] = []
      let answer = try session.receive(within: patience) { row in
        rows.append((0..<row.columnCount).map { row.text(ofColumn: $0) })
      }
      if case .refused(let error) = answer { reply.refusal = reply.refusal ?? error }
      if part == 2 { reply.rows = rows }
    }
    try session.receiveSync(within: patience)
    _ = try session.receive(within: patience)
    try session.receiveSync(within: patience)
    return reply
  }
}

// MARK: - The server itself

extension PostgresExamination {
  /// Where row security holds for this user. A statement names a table when the name stands in it as a word.
  private func guardedTables(_ session: PostgresConnection) throws(PostgresFault) -> [SQLQuestion: [String]] {
    try send(
      "SELECT DISTINCT relname FROM pg_class WHERE relrowsecurity AND row_security_active(oid)", [], over: session)
    let tables = Set(try receive(session).rows.compactMap { $0.first ?? nil })
    var guarded: [SQLQuestion: [String]] = [:]
    for question in questions where !tables.isEmpty {
      let words = StatementText.withoutComments(question.statement).split {
        !($0.isLetter || $0.isNumber || "_$".contains($0))
      }
      let named = tables.intersection(words.flatMap { [String($0), $0.lowercased()] })
      if !named.isEmpty { guarded[question] = named.sorted() }
    }
    return guarded
  }

  private func lookAround(
    _ session: PostgresConnection, _ examination: inout SQLExamination
  ) throws(PostgresFault) {
    let number = session.serverVersion
    (examination.serverVersion, examination.user) = (number, connector.address.user)
    let how = session.isEncrypted ? "encrypted" : "not encrypted"
    examination.server = "PostgreSQL \(number / 10_000).\(number % 10_000), \(how)"
    let time = TimeSource.system
    let asked = time.read().wall
    try send(
      """
      SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint, pg_is_in_recovery(),
        current_setting('default_transaction_read_only')
      """, [], over: session)
    let reply = try receive(session)
    guard let row = reply.rows.first, row.count == 3 else { return }
    if let said = row[0].flatMap(Int64.init).map(Timestamp.init(milliseconds:)) {
      examination.clock = ClockSample(asked: asked, answered: time.read().wall, said: said...said)
    }
    if row[1] == "t" { examination.refusesChanges = "the server is a standby" }
    if row[2] == "on" {
      examination.refusesChanges = "the database or the user is set to default_transaction_read_only"
    }
  }
}
