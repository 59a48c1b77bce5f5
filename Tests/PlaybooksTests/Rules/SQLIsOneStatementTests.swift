import IncidentModel
import Testing

@testable import Playbooks

@Suite("SQLIsOneStatement")
struct SQLIsOneStatementTests {
  private func messages(_ sql: String) -> [String] {
    load(
      "steps:\n  - id: one\n    sql:\n      connection: database\n      run: |\n        \(sql.replacing("\n", with: "\n        "))"
    )
    .errors.map(\.message)
  }

  @Test(
    "several statements are refused",
    arguments: ["SELECT 1; SELECT 2", "SELECT 1;\nDROP TABLE t;", "SELECT ';'; SELECT 1"])
  func several(_ sql: String) { #expect(messages(sql) == ["2 SQL statements stand here, but a step runs one"]) }

  @Test(
    "a semicolon in a text, a comment or at the end is none of them",
    arguments: [
      "SELECT ';'", "SELECT 1;", "SELECT 1 -- ; x", "SELECT 1 /* ; /* ; */ ; */", "SELECT $$ ; $$",
      "SELECT $a$ ; $$ $a$",
      "SELECT \"a;b\"", "SELECT E'\\';'", "SELECT ''';'",
    ])
  func one(_ sql: String) { #expect(messages(sql) == []) }

  @Test("nothing but comments is no statement", arguments: ["-- x", "/* SELECT 1 */", ";"])
  func none(_ sql: String) { #expect(messages(sql) == ["there is no SQL statement here"]) }

  @Test("an open quote or comment is refused", arguments: ["SELECT 'a", "SELECT /* a", "SELECT $$ a", "SELECT \"a"])
  func open(_ sql: String) { #expect(messages(sql) == ["a quote or a comment in this SQL does not end"]) }

  @Test(
    "a step is a transaction already", arguments: ["BEGIN", "COMMIT", "ROLLBACK", "END", "ABORT", "RELEASE", "PREPARE"])
  func transaction(_ verb: String) {
    let rest = ["RELEASE": " here", "PREPARE": " /* it */ transaction 'x'"][verb] ?? ""
    let refusal = "'\(verb)' cannot stand here: each step is a transaction of its own"
    #expect(messages(verb + rest) == [refusal])
    #expect(messages("-- off it goes\n  /* ; */ \(verb.lowercased())\(rest);") == [refusal])
  }
}
