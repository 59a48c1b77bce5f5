internal import IncidentModel

/// A statement that PostgreSQL does not explain, but that works on a table: whether it would work follows from whether
/// that table is there and whose it is.
struct MaintenanceStatement: LookedUpStatement {
  private enum Right {
    case owner
    /// Skipped with a warning where the right is missing, so a step would have no effect and not know it.
    case maintain
    case truncate
  }

  private let verb: String
  private let table: String
  private let right: Right
  private let mayBeAbsent: Bool

  /// `nil`: not such a statement, or none that names a table.
  init?(_ statement: String) {
    let pattern =
      /(?i)^\s*(ANALYZE|TRUNCATE|ALTER\s+TABLE|DROP\s+TABLE|REINDEX\s+TABLE|REFRESH\s+MATERIALIZED\s+VIEW)\s+((TABLE|VERBOSE|ONLY|CONCURRENTLY|IF\s+EXISTS|\([^)]*\))\s+)*(?<table>("[^"]+"|[\w$]+)(\.("[^"]+"|[\w$]+))?)/
    guard let match = StatementText.withoutComments(statement).firstMatch(of: pattern) else { return nil }
    verb = match.output.1.uppercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    table = String(match.output.table)
    mayBeAbsent = match.output.0.contains(/(?i)IF\s+EXISTS/)
    right =
      switch verb {
      case "ANALYZE": .maintain
      case "TRUNCATE": .truncate
      default: .owner
      }
  }

  var ask: PostgresInquiry.Ask {
    PostgresInquiry.Ask(
      statement: """
        SELECT c.oid IS NOT NULL, coalesce(pg_has_role(c.relowner, 'USAGE'), false),
          coalesce(has_table_privilege(c.oid, 'TRUNCATE'), false), pg_has_role(d.datdba, 'USAGE')
        FROM (SELECT to_regclass($1) AS oid) named LEFT JOIN pg_class c ON c.oid = named.oid, pg_database d
        WHERE d.datname = current_database()
        """, parameters: [table])
  }

  func answer(_ rows: [[String?]]) -> SQLExamination.Answer {
    guard let row = rows.first, row.count == 4 else { return .untried(why: "\(verb) can only be tried by doing it") }
    let (isThere, owns, truncates, ownsDatabase) = (row[0] == "t", row[1] == "t", row[2] == "t", row[3] == "t")
    guard isThere else {
      if mayBeAbsent { return .works }
      return .fails(
        Failure(
          .sqlError, "relation \"\(table)\" does not exist, and \(verb) needs it",
          advice: "is this the right environment, and is the name spelt as in the database?"))
    }
    let isAllowed =
      switch right {
      case .owner: owns
      case .maintain: owns || ownsDatabase
      case .truncate: truncates
      }
    if isAllowed { return .works }
    let lack = right == .truncate ? "has no TRUNCATE on it" : "does not own it"
    return .fails(
      Failure(
        .sqlError, "permission denied for \(verb) on \"\(table)\": this user \(lack)",
        advice: "use a connection whose user may, or grant the right"))
  }
}
