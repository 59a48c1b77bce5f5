import IncidentModel
import Testing

@testable import Playbooks

@Suite("ExactlyOnceIsSQL")
struct ExactlyOnceIsSQLTests {
  @Test("only a change in a database can commit together with a marker")
  func others() {
    expectFindings(
      [
        .error(at: "①", "'exactly_once' is for 'sql', not for 'command'"),
        .error(at: "②", "'exactly_once' is for changes, but this SQL only reads"),
      ],
      in: """
        steps:
          - id: one
            ①exactly_once: true
            command: {run: [date]}
          - id: two
            ②exactly_once: true
            sql: {connection: database, run: SELECT 1}
          - id: three
            exactly_once: true
            sql: {connection: database, run: INSERT INTO t VALUES (1), expect: {rows: 1}}
        """)
  }
}
