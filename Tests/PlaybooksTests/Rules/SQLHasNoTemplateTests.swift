import IncidentModel
import Testing

@testable import Playbooks

@Suite("SQLHasNoTemplate")
struct SQLHasNoTemplateTests {
  @Test("a template in SQL is refused, and the safe form named")
  func template() {
    expectFindings(
      [
        .error(
          at: "①", "a value cannot be written into SQL", hint: "write $2 there, and under it: bind: [\"${params.v}\"]"),
        .error(at: "②", "a value cannot be written into SQL"),
      ],
      in: """
        params: {v: {type: text, default: x}}
        steps:
          - id: one
            sql:
              connection: database
              run: SELECT * FROM t WHERE a = $1 AND b = '①${params.v}'
              bind: [a]
            verify: {sql: {connection: database, run: "SELECT ②${params.v}"}, until: row_count == 1}
        """)
  }
}
