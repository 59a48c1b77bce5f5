import IncidentModel
import Testing

@testable import Playbooks

@Suite("ConnectionsAreListed")
struct ConnectionsAreListedTests {
  @Test("every connection of actions, checks and monitors is in the list")
  func unlisted() {
    expectFindings(
      [
        .error(at: "①", "'databse' is not in 'connections'", hint: "did you mean 'database'?"),
        .error(at: "②", "'ledger' is not in 'connections'", hint: "write connections: [database, ledger]"),
        .error(at: "③", "'chat' is not in 'connections'"), .error(at: "④", "'site' is not in 'connections'"),
      ],
      in: """
        connections: [database]
        steps:
          - id: one
            sql: {connection: ①databse, run: SELECT 1}
            verify: {sql: {connection: ②ledger, run: SELECT 1}, until: row_count == 1}
          - id: two
            notify: {connection: ③chat, template: x}
          - id: three
            monitor: {http: {connection: ④site, get: /}, every: 1s, for: 2s}
        """)
  }
}
