internal import IncidentModel

/// Statements that PostgreSQL refuses inside a transaction, and a step always is one.
enum OutsideTransactions {
  /// Why it would fail; `nil` for every other statement.
  static func failure(of statement: String) -> Failure? {
    let pattern =
      /(?i)^\s*(VACUUM|(CREATE|DROP)\s+(DATABASE|TABLESPACE)|ALTER\s+SYSTEM|(CREATE\s+(UNIQUE\s+)?|DROP\s+|RE)INDEX\s+(\w+\s+)?CONCURRENTLY|REINDEX\s+(DATABASE|SYSTEM))\b/
    guard let match = StatementText.withoutComments(statement).firstMatch(of: pattern) else { return nil }
    let verb = match.output.1.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return Failure(
      .sqlError, "\(verb) cannot run inside a transaction, and each SQL step is one",
      advice: "run it through psql in a command step")
  }
}
