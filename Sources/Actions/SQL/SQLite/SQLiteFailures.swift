internal import GRDB
internal import IncidentModel

/// Says what went wrong with an SQLite file, for programs and for the person on call.
struct SQLiteFailures {
  let request: IncidentModel.SQLRequest
  let path: String

  private var name: String { "'\(request.connection)'" }

  var noFile: Failure {
    Failure(
      .connectFailed, "cannot reach database \(name): there is no file \(path)",
      advice: "check the path in the environment file; Andon never creates a database")
  }

  var readOnly: Failure {
    Failure(
      .sqlError,
      "this step is declared `effect: read`, but its statement changes data on \(name); refused, nothing changed",
      advice: "declare `effect: write`, with `expect: {rows: …}`, if the change is meant")
  }

  var transactionControl: Failure {
    Failure(
      .badValue,
      "\(StatementText.firstWord(of: request.statement)) has no place in a step: each step is one transaction",
      advice: "put statements that belong together into one statement, or into a trigger of the database")
  }

  func wrongBindings(_ error: any Error) -> Failure {
    let message = (error as? DatabaseError)?.message ?? "\(error)"
    return Failure(
      .badValue, "the statement on \(name) and its `bind` list do not fit: \(message)",
      advice: "give one value for each of $1, $2…")
  }

  func stopped(_ end: Patience.End) -> Failure {
    switch end {
    case .timedOut:
      Failure(
        .timedOut, "the statement on \(name) did not finish within \(request.timeLimit.spokenText)\(harmless)",
        advice: "raise the step's `timeout`, or make the statement touch fewer rows")
    case .cancelled: Failure(.cancelled, "the statement on \(name) was cancelled\(harmless)")
    }
  }

  private var harmless: String { request.readOnly ? "" : "; rolled back, nothing changed" }

  /// Everything else that SQLite says. Without a commit nothing lasts, and a failed commit is undone.
  func refused(_ error: any Error) -> Failure {
    guard let error = error as? DatabaseError else {
      return Failure(.sqlError, "\(name) refused the statement: \(error)")
    }
    let message = error.message ?? "no reason given"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Failure(
        .lockTimeout,
        "the statement on \(name) gave up after waiting \(request.lockLimit.spokenText) for another process that is "
          + "writing to \(path); nothing changed",
        advice: "find it with `fuser \(path)`, wait for it or end it, then try again")
    case .SQLITE_CANTOPEN, .SQLITE_NOTADB, .SQLITE_PERM, .SQLITE_AUTH:
      return Failure(
        .connectFailed, "cannot open database \(name) at \(path): \(message)",
        advice: "check that it is an SQLite file and that this user may read it, and write to it and its folder")
    case .SQLITE_READONLY:
      return Failure(
        .sqlError, "database \(name) at \(path) cannot be written: \(message); nothing changed",
        advice: "check the permissions of the file and its folder")
    default:
      return Failure(
        .sqlError, "\(name) refused the statement: \(message) (SQLite \(error.extendedResultCode.rawValue))",
        advice: message.hasPrefix("no such")
          ? "is this the right environment, and is the name spelt as in the database?" : nil)
    }
  }
}
