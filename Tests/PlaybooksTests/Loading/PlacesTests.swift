import IncidentModel
import Testing

@testable import Playbooks

@Suite("A mistake inside a text is pointed at where it stands in the file")
struct PlacesTests {
  @Test(
    "whatever way the text is written",
    arguments: [
      "until: rows[0].value == ①vlaue", "until: \"rows[0].value == ①vlaue\"", "until: 'rows[0].value == ①vlaue'",
      "until: \"\\x72ows[0].value == \\\"\\\" or rows[0].value == ①vlaue\"",
      "until: '''it''s'' == \"\" or ①vlaue == \"\"'".replacing("'''it''s'' == \"\" or", with: "'\"it''s\" == \"\" or"),
      "until: |\n        rows[0].value ==\n          ①vlaue", "until: >-\n        rows[0].value\n        == ①vlaue",
      "until: rows[0].value\n        == ①vlaue", "until: \"rows[0].value\n        == ①vlaue\"",
      "until: |  # why\n\n        ①vlaue == 1",
    ])
  func unknownName(_ until: String) {
    expectFindings(
      [.error(at: "①", "nothing is named 'vlaue' here")],
      in: """
        steps:
          - id: one
            idempotent: true
            sql: {connection: database, run: DELETE FROM t WHERE a = 1, expect: {rows: 1}}
            verify:
              sql: {connection: database, run: SELECT value FROM t}
              \(until)
        """)
  }

  @Test("a mistake of grammar too", arguments: ["when: 1 ①= 2", "when: \"1 ①= 2\"", "when: |\n      1\n      ①= 2"])
  func syntax(_ when: String) {
    expectFindings(
      [.error(at: "①", "'=' is not an operator here", hint: "did you mean '=='?")],
      in: "steps:\n  - id: one\n    \(when)\n    wait: {for: 1s}")
  }

  @Test("and in a template behind wide characters")
  func wide() {
    expectFindings(
      [.error(at: "①", "no param is named 'x'")],
      in: "steps:\n  - id: one\n    name: \"ä 🚨 ${params.①x}\"\n    wait: {for: 1s}")
  }
}
