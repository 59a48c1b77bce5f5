internal import IncidentModel

/// `CALL`: is there such a procedure, and may this user execute it?
struct ProcedureCall: LookedUpStatement {
  private let name: String

  /// `nil`: another statement.
  init?(_ statement: String) {
    let pattern = /(?i)^\s*CALL\s+(?<name>("[^"]+"|[\w$]+)(\.("[^"]+"|[\w$]+))?)\s*\(/
    guard let match = StatementText.withoutComments(statement).firstMatch(of: pattern) else { return nil }
    name = String(match.output.name)
  }

  var ask: PostgresInquiry.Ask {
    PostgresInquiry.Ask(
      statement: """
        SELECT count(*) > 0, coalesce(bool_or(has_function_privilege(p.oid, 'EXECUTE')), false)
        FROM parse_ident($1) AS name, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind = 'p' AND p.proname = name[array_upper(name, 1)]
          AND CASE WHEN array_upper(name, 1) > 1 THEN n.nspname = name[1] ELSE pg_function_is_visible(p.oid) END
        """, parameters: [name])
  }

  func answer(_ rows: [[String?]]) -> SQLExamination.Answer {
    guard let row = rows.first, row.count == 2 else { return .untried(why: "CALL can only be tried by doing it") }
    if row[0] != "t" {
      return .fails(
        Failure(
          .sqlError, "procedure \(name) does not exist, and CALL needs it",
          advice: "is this the right environment, and is the name spelt as in the database?"))
    }
    if row[1] == "t" { return .works }
    return .fails(
      Failure(
        .sqlError, "permission denied for procedure \(name): this user has no EXECUTE on it",
        advice: "use a connection whose user may, or grant the right"))
  }
}
