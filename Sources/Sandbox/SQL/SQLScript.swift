internal import IncidentModel

/// One or more SQL statements with `:name` parameters, which are bound, never pasted.
struct SQLScript: Sendable, Hashable {
  let source: String
  /// Where it stands, for messages.
  let path: String
  let statements: [SQLText.Statement]

  init(_ node: DefinitionNode) throws(Problem) {
    source = try node.text()
    path = node.path
    statements = try SQLText(source, path: node.path).statements
  }

  /// The `:names` it reads.
  var parameters: Set<String> { Set(statements.flatMap(\.names)) }

  /// Refuses what would end the request's transaction or change the connection.
  func checkKeywords() throws(Problem) {
    for statement in statements where !SQLScript.keywords.contains(statement.keyword) {
      throw Problem(
        "\(path) may not use \(statement.keyword)",
        advice: "A request is one transaction of \(SQLScript.keywords.joined(separator: ", ")) statements.")
    }
  }

  func misfit(_ reason: String) -> Problem { Problem("\(path) is not valid SQL here: \(reason)") }

  private static let keywords = ["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES"]
}
