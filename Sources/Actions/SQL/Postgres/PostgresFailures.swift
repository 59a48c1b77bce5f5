internal import IncidentModel

/// Says what went wrong with PostgreSQL, for programs and for the person on call. Knows no password.
struct PostgresFailures {
  let request: SQLRequest
  let address: PostgresAddress

  private var name: String { "'\(request.connection)'" }
  private var limit: String { request.timeLimit.spokenText }
  /// What is certain as long as COMMIT has not been sent.
  private var harmless: String { request.readOnly ? "" : "; COMMIT had not been sent, so nothing changed" }
}

/// What was going on while a statement ran.
struct Waiting {
  let elapsed: Duration
  /// The server's own limit for the statement.
  let statementLimit: Duration
  let holder: LockHolder?

  /// The clocks of two machines never agree to the last millisecond.
  var reachedLimit: Bool { elapsed >= statementLimit - .milliseconds(20) }
}

// MARK: - No connection

extension PostgresFailures {
  func notConnected(_ fault: PostgresFault) -> Failure {
    ConnectionFailure(connection: request.connection, address: address, limit: request.timeLimit).failure(fault)
  }
}

// MARK: - The connection broke, or there was no more time

extension PostgresFailures {
  /// What is known about the effect, by how far the transaction had got.
  func outcome(of fault: PostgresFault, at stage: PostgresTransaction.Stage) -> ActionResult.Outcome {
    let isOpen = stage == .committing && !request.readOnly
    switch fault {
    case .stopped(.timedOut):
      return isOpen
        ? .unknown(.timedOut, unanswered(.timedOut, "did not answer COMMIT within \(limit)"))
        : .failed(timedOut(holder: nil))
    case .stopped(.cancelled):
      return isOpen
        ? .unknown(.killed, unanswered(.cancelled, "had not answered COMMIT when the step was cancelled"))
        : .failed(Failure(.cancelled, "the statement on \(name) was cancelled\(harmless)"))
    case .lost(let reason, let server):
      let why = server.map { "the server ended the session: \($0.message)" } ?? reason.lowercasingFirst
      return isOpen
        ? .unknown(.connectionLost, unanswered(.connectionLost, "was lost after COMMIT had been sent: \(why)"))
        : .failed(
          Failure(
            .connectionLost, "the connection to \(name) at \(address.text) broke: \(why)\(harmless)",
            advice: "try again when the server is back"))
    case .notConnected: return .failed(notConnected(fault))
    case .unsupported(let what):
      return .failed(Failure(.sqlError, "\(what) cannot be done in a step\(harmless)", advice: "use a command step"))
    }
  }

  private func unanswered(_ code: FailureCode, _ what: String) -> Failure {
    Failure(
      code, "\(name) at \(address.text) \(what): the change may have been made or not",
      advice: "look at the data before doing it again; the step's check does so")
  }

  private func timedOut(holder: LockHolder?) -> Failure {
    let waiting = holder.map { "; it was waiting for a lock held by \($0.sentence)" } ?? ""
    return Failure(
      .timedOut, "the statement on \(name) did not finish within \(limit)\(harmless)\(waiting)",
      advice: holder.map(Self.adviceToEnd) ?? "raise the step's `timeout`, or make the statement touch fewer rows")
  }

  private static func adviceToEnd(_ holder: LockHolder) -> String {
    "wait for that session or end it: SELECT pg_terminate_backend(\(holder.pid))"
  }
}

// MARK: - The server said no

extension PostgresFailures {
  func refused(_ error: ServerError, _ waiting: Waiting) -> Failure {
    switch error.sqlState {
    case "55P03": return lockTimeout(waiting)
    case "57014" where waiting.reachedLimit: return timedOut(holder: waiting.holder)
    case "25006" where request.readOnly:
      return Failure(
        .sqlError,
        "this step is declared `effect: read`, but its statement changes data or locks rows on \(name); refused by the "
          + "server, nothing changed\(text(error))",
        advice: "declare `effect: write`, with `expect: {rows: …}`, if the change is meant")
    case "08P01":
      return Failure(
        .badValue, "the statement on \(name) and its `bind` list do not fit: \(error.message)",
        advice: "give one value for each of $1, $2…")
    default:
      return Failure(.sqlError, "\(name) refused the statement: \(error.message)\(text(error))", advice: advice(error))
    }
  }

  private func lockTimeout(_ waiting: Waiting) -> Failure {
    let by = waiting.holder.map { "held by \($0.sentence)" } ?? "held by another session"
    return Failure(
      .lockTimeout,
      "the statement on \(name) gave up after waiting \(waiting.elapsed.spokenText) for a lock \(by); nothing changed",
      advice: waiting.holder.map(Self.adviceToEnd) ?? "try again, or raise `lock_timeout`")
  }

  /// Code and place, then on lines of their own what else the server has to say.
  private func text(_ error: ServerError) -> String {
    var text = " (SQLSTATE \(error.sqlState)"
    if let place = error.position.flatMap({ StatementText.place(ofCharacter: $0, in: request.statement) }) {
      text += ", line \(place.line), column \(place.column)"
    }
    text += ")"
    if let detail = error.detail { text += "\nDetail: \(detail)" }
    if let hint = error.hint { text += "\nHint: \(hint)" }
    return text
  }

  private func advice(_ error: ServerError) -> String? {
    switch error.sqlState {
    case "25001":
      "every SQL step runs in a transaction, so that it can be undone; this statement cannot: run it with psql in a "
        + "command step"
    case "25006": "the server is a standby, or the database or user is set to read-only (default_transaction_read_only)"
    case "40001", "40P01": "another session changed the same rows at the same time: try again"
    case "42501": "grant it to user '\(address.user)', or use a connection whose user may"
    case "42P01", "42703", "42883": "is this the right environment, and is the name spelt as in the database?"
    case "42P18": "say the type in the statement: $1::text"
    case "22P02" where request.bindings.contains(where: \.isContainer):
      "lists and maps are sent as JSON: read them with jsonb_array_elements_text($1::jsonb) or the like"
    case "57014": "someone else cancelled it with pg_cancel_backend, or a limit of the server did"
    default: nil
    }
  }
}

// MARK: - Commit and marker

extension PostgresFailures {
  /// `nil` if the transaction was committed.
  func outcome(ofCommit reply: PostgresTransaction.Reply) -> ActionResult.Outcome? {
    switch reply {
    case .done(let completion) where completion.command == "COMMIT": return nil
    case .done:
      return .failed(Failure(.sqlError, "\(name) answered COMMIT by rolling back: nothing changed"))
    // The only two by which the server itself says that it does not know.
    case .refused(let error, _) where ["08007", "40003"].contains(error.sqlState):
      return .unknown(.connectionLost, unanswered(.connectionLost, "does not know how COMMIT ended: \(error.message)"))
    case .refused(let error, _):
      let message = "\(name) refused to commit: \(error.message); rolled back, nothing changed\(text(error))"
      return .failed(Failure(.sqlError, message, advice: advice(error)))
    }
  }

  func markerTable(_ error: ServerError) -> Failure {
    Failure(
      .notConfigured,
      "`exactly_once` needs the table \(MarkerTable.name) on \(name), and user '\(address.user)' may not create or "
        + "fill it: \(error.message); nothing changed",
      advice: "as its owner run: \(MarkerTable.creation(timestampType: "timestamptz", now: "now()")); "
        + "GRANT INSERT ON \(MarkerTable.name) TO \"\(address.user)\"")
  }

  var transactionControl: Failure {
    Failure(
      .badValue,
      "\(StatementText.firstWord(of: request.statement)) has no place in a step: each step is one transaction",
      advice: "put statements that belong together into one statement, or into a function of the database")
  }
}

extension Value {
  fileprivate var isContainer: Bool {
    switch self {
    case .list, .map: true
    default: false
    }
  }
}
