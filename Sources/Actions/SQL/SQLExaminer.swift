public import IncidentModel

/// Finds out what statements would meet in a database, and changes nothing there.
public struct SQLExaminer: Sendable {
  public init() {}

  /// Never throws: what cannot be found out is said in the examination. Ends within the limit and one second.
  public func examine(
    _ database: SQLRequest.Database, connection: String, questions: [SQLQuestion], within limit: Duration
  ) async -> SQLExamination {
    switch database {
    case .sqlite(let path):
      return await onThread {
        SQLiteExamination(database: database, path: path, connection: connection, questions: questions).run()
      }
    case .postgres(let url, let authority):
      guard let address = PostgresAddress(url: url.reveal { $0 }, certificateAuthority: authority) else {
        return SQLExamination(failure: .unreadableURL(connection: connection))
      }
      return await onThread { calledOff in
        PostgresExamination(
          database: database, connection: connection, connector: PostgresConnector(address: address),
          questions: questions, limit: limit, patience: Patience(limit, calledOff: calledOff)
        ).run()
      }
    }
  }
}

/// One statement as a playbook has it, without its values.
public struct SQLQuestion: Sendable, Hashable {
  public var statement: String
  /// How many values are bound to it.
  public var bindings: Int
  /// True when it is meant to change something.
  public var changes: Bool
  /// True when its effect commits together with a marker row.
  public var isExactlyOnce: Bool

  public init(statement: String, bindings: Int, changes: Bool, isExactlyOnce: Bool = false) {
    self.statement = statement
    self.bindings = bindings
    self.changes = changes
    self.isExactlyOnce = isExactlyOnce
  }
}

/// What was found out about a database.
public struct SQLExamination: Sendable {
  public enum Answer: Sendable, Hashable {
    /// The server can plan it, and this user may do it.
    case works
    case fails(Failure)
    /// Only doing it would tell.
    case untried(why: String)
  }

  /// Why nothing could be asked; `nil` when there was a connection to its end.
  public var failure: Failure?
  /// By question. Empty when there was no connection.
  public var answers: [SQLQuestion: Answer] = [:]
  /// Who answers, and over what: `PostgreSQL 15.18, encrypted`.
  public var server = ""
  /// The server's version as PostgreSQL counts, 150008 for 15.8; 0 when unknown.
  public var serverVersion = 0
  /// Who is asking.
  public var user = ""
  /// The tables with policies that hide rows from this user, by the questions that name them.
  public var guardedTables: [SQLQuestion: [String]] = [:]
  /// Why the database takes no changes at all; `nil` when it does.
  public var refusesChanges: String?
  public var clock: ClockSample?
  /// About connections that somebody in between could answer.
  public var warnings: [String] = []

  init(failure: Failure? = nil) { self.failure = failure }
}
