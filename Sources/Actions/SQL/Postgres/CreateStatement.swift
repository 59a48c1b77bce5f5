internal import IncidentModel

/// `CREATE` of something: may this user make it there, and is the place still free?
struct CreateStatement: LookedUpStatement {
  private let kind: String
  private let name: String
  /// The table that it is about, for an index, a trigger, a policy or a rule.
  private let table: String?
  private let mayBeThere: Bool
  private let isTemporary: Bool

  private static let onTables: Set<String> = ["INDEX", "TRIGGER", "POLICY", "RULE"]
  private static let relations: Set<String> = ["TABLE", "VIEW", "SEQUENCE"]

  /// `nil`: not a CREATE, or one of something else.
  init?(_ statement: String) {
    let text = StatementText.withoutComments(statement)
    let pattern =
      /(?i)^\s*CREATE\s+(?<words>((OR\s+REPLACE|GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|UNIQUE|RECURSIVE|MATERIALIZED|CONSTRAINT)\s+)*)(?<kind>TABLE|VIEW|SEQUENCE|FUNCTION|PROCEDURE|TYPE|DOMAIN|INDEX|SCHEMA|EXTENSION|TRIGGER|POLICY|RULE)\s+(?<free>IF\s+NOT\s+EXISTS\s+)?(?<name>("[^"]+"|[\w$]+)(\.("[^"]+"|[\w$]+))?)/
    guard let match = text.firstMatch(of: pattern) else { return nil }
    kind = match.output.kind.uppercased()
    name = String(match.output.name)
    let words = match.output.words.uppercased()
    mayBeThere = match.output.free != nil || words.contains("REPLACE")
    isTemporary = words.contains("TEMP")
    guard Self.onTables.contains(kind) else {
      table = nil
      return
    }
    let on = /(?i)\bON\s+(ONLY\s+)?(?<table>("[^"]+"|[\w$]+)(\.("[^"]+"|[\w$]+))?)/
    let to = /(?i)\bTO\s+(?<table>("[^"]+"|[\w$]+)(\.("[^"]+"|[\w$]+))?)/
    // A rule names its table behind TO: CREATE RULE x AS ON UPDATE TO t.
    let named = kind == "RULE" ? text.firstMatch(of: to)?.output.table : text.firstMatch(of: on)?.output.table
    guard let named else { return nil }
    table = String(named)
  }

  var ask: PostgresInquiry.Ask {
    if let table {
      let right = kind == "TRIGGER" ? "has_table_privilege(c.oid, 'TRIGGER')" : "pg_has_role(c.relowner, 'USAGE')"
      return PostgresInquiry.Ask(
        statement: """
          SELECT c.oid IS NOT NULL, coalesce(\(right), false), false
          FROM (SELECT to_regclass($1) AS oid) named LEFT JOIN pg_class c ON c.oid = named.oid
          """, parameters: [table])
    }
    if kind == "SCHEMA" || kind == "EXTENSION" || isTemporary {
      return PostgresInquiry.Ask(
        statement: "SELECT true, has_database_privilege(current_database(), $1), false",
        parameters: [isTemporary ? "TEMPORARY" : "CREATE"])
    }
    return PostgresInquiry.Ask(
      statement: """
        SELECT n.oid IS NOT NULL, coalesce(has_schema_privilege(n.oid, 'CREATE'), false), to_regclass($1) IS NOT NULL
        FROM parse_ident($1) AS name LEFT JOIN pg_namespace n
          ON n.nspname = CASE WHEN array_upper(name, 1) > 1 THEN name[1] ELSE current_schema() END
        """, parameters: [name])
  }

  func answer(_ rows: [[String?]]) -> SQLExamination.Answer {
    guard let row = rows.first, row.count == 3 else {
      return .untried(why: "CREATE \(kind) can only be tried by doing it")
    }
    if row[0] != "t" {
      let what = table.map { "relation \"\($0)\" does not exist" } ?? "there is no schema for \(name)"
      return .fails(
        Failure(
          .sqlError, "\(what), and CREATE \(kind) needs it",
          advice: "is this the right environment, and is the name spelt as in the database?"))
    }
    if row[1] != "t" {
      let lack =
        table.map { kind == "TRIGGER" ? "has no TRIGGER on \"\($0)\"" : "does not own \"\($0)\"" }
        ?? (isTemporary ? "may make nothing temporary" : "has no CREATE there")
      return .fails(
        Failure(
          .sqlError, "permission denied for CREATE \(kind) \(name): this user \(lack)",
          advice: "use a connection whose user may, or grant the right"))
    }
    if row[2] == "t", Self.relations.contains(kind), !mayBeThere, !isTemporary {
      return .fails(
        Failure(
          .sqlError, "relation \"\(name)\" is there already, and CREATE \(kind) would fail",
          advice: "has this been done before? Say IF NOT EXISTS where that is good"))
    }
    return .works
  }
}
