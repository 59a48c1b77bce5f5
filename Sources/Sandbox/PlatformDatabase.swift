internal import IncidentModel

/// The database behind a stand-in. Other processes read and change it at the same time.
protocol PlatformDatabase: Sendable {
  var place: DatabasePlace { get }

  /// Compiles every statement against the tables and says what the last one returns, without running any.
  func columns(of script: SQLScript) throws(Problem) -> [String]

  /// Calls `body` in one transaction, undone whole if it throws. A read-only one can change nothing.
  func transact<Result: Sendable>(
    readOnly: Bool, _ body: @escaping @Sendable (any PlatformTransaction) throws -> Result
  ) async throws -> Result

  func close()
}

/// What a request can do in its transaction.
protocol PlatformTransaction {
  /// Runs every statement; a parameter without a value is NULL. The rows are those of the last statement.
  func run(_ script: SQLScript, with values: [String: Value]) throws -> [[String: Value]]
}

/// Why a statement did not do what it says.
struct StatementFailure: Error {
  /// True when the values are at fault: a broken constraint, or text where a number has to be.
  let isAboutValues: Bool
  /// The database's own sentence, without the statement.
  let reason: String
}
