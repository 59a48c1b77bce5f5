internal import IncidentModel

/// Says which right a user lacks: PostgreSQL itself only says that one is missing.
enum PostgresRights {
  private static let all = ["SELECT", "INSERT", "UPDATE", "DELETE"]

  /// What to ask about a refusal for want of rights on a table; `nil` for every other failure.
  static func question(about failure: Failure, statement: String) -> PostgresInquiry.Ask? {
    let pattern = /permission denied for (?:table|view|materialized view|foreign table) (?<table>[\w$]+)/
    guard let match = failure.message.firstMatch(of: pattern) else { return nil }
    let words = Set(statement.uppercased().split { !$0.isLetter }.map(String.init))
    // The condition of a change reads, without saying so.
    let needed = all.filter { words.contains($0) || $0 == "SELECT" && words.contains("WHERE") }
    return PostgresInquiry.Ask(
      statement: """
        SELECT needed FROM unnest(string_to_array($2, ',')) needed
        WHERE NOT has_table_privilege(to_regclass(quote_ident($1)), needed)
        """, parameters: [String(match.output.table), needed.joined(separator: ",")])
  }

  /// Behind the server's own words: `; user 'app' has no UPDATE there`. Empty when nothing was found out.
  static func sentence(_ rows: [[String?]], user: String) -> String {
    let missing = rows.compactMap { $0.first ?? nil }
    return missing.isEmpty ? "" : "; user '\(user)' has no \(missing.joined(separator: " and no ")) there"
  }
}
