import IncidentModel
import Testing

@testable import Playbooks

@Suite("ChangesAreLimited")
struct ChangesAreLimitedTests {
  @Test("a change of every row is warned of", arguments: ["UPDATE t SET a = 1", "DELETE FROM t"])
  func every(_ sql: String) {
    let verb = sql.prefix(6)
    expectFindings(
      [.warning(at: "①", "this \(verb) has no WHERE: it meets every row of the table")],
      in: """
        steps:
          - id: one
            sql: {connection: database, run: ①\(sql), expect: {rows: 1}}
            verify: {assert: {that: row_count == 1}}
          - id: two
            sql: {connection: database, run: \(sql) WHERE true, expect: {rows: 1}}
            verify: {assert: {that: row_count == 1}}
        """, warnings: true)
  }
}
