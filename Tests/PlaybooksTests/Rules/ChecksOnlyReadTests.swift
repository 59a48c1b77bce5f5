import IncidentModel
import Testing

@testable import Playbooks

@Suite("ChecksOnlyRead")
struct ChecksOnlyReadTests {
  @Test("a check that changes something is refused")
  func changing() {
    expectFindings(
      [
        .error(at: "①", "'verify' may only read, but this SQL may change things"),
        .error(at: "②", "'verify' may only read, but PUT changes things"),
        .error(at: "③", "'monitor' may only read, but this SQL may change things"),
        .warning(at: "④", "'verify' may only read; make sure that this POST does"),
      ],
      in: """
        steps:
          - id: one
            command: {run: [date]}
            verify: {sql: {connection: database, run: ①DELETE FROM t}, until: row_count == 1}
          - id: two
            command: {run: [date]}
            verify: {http: {connection: api, put: ②/x}, until: status == 200}
          - id: three
            monitor: {sql: {connection: database, run: ③VACUUM}, every: 1s, for: 2s}
          - id: four
            command: {run: [date]}
            verify: {http: {connection: api, post: ④/rpc}, until: status == 200}
        """, warnings: true)
  }
}
