import IncidentModel
import Testing

@testable import Playbooks

@Suite("The table for anchors is a table of a database")
struct AnchorTableTests {
  private func read(_ anchors: String) -> (AnchorPlace?, [String]) {
    let yaml = """
      format: 1
      environment: test
      connections: {database: {postgres: "env:URL"}, local: {sqlite: x.db}, api: {http: https://api.example}}
      anchors: \(anchors)
      """
    let (file, diagnostics) = DataFile.load(
      Array(yaml.utf8), file: "test.yaml", EnvironmentTable.table, EnvironmentTable.environment)
    return (file?.anchors, diagnostics.map(\.message))
  }

  @Test(
    "a table, in a schema or not, of any database",
    arguments: [
      ("database", "andon_anchors"), ("local", "anchors"), ("database", "audit.andon_anchors"),
    ])
  func accepted(connection: String, table: String) {
    let (place, messages) = read("{connection: \(connection), table: \(table)}")
    #expect(place == AnchorPlace(connection: connection, table: table) && messages.isEmpty, "\(messages)")
  }

  @Test(
    "a connection that is none, or no database, is refused",
    arguments: [
      ("chat", "no connection is named 'chat' here"), ("api", "connection 'api' is no database"),
    ])
  func noDatabase(connection: String, sentence: String) {
    #expect(read("{connection: \(connection), table: anchors}").1 == [sentence])
  }

  @Test(
    "what is more than a table's name is refused, since it stands in a statement as it is",
    arguments: [
      "a;b", "\"a b\"", "a.b.c", "\"a--\"", "A", "a.", "\"(SELECT 1)\"", "1a", "\"\"",
    ])
  func noName(table: String) {
    let (place, messages) = read("{connection: database, table: \(table)}")
    #expect(place == nil && !messages.isEmpty)
  }
}
