import IncidentModel
import Testing

@testable import Playbooks

@Suite("RetriesAreSafe")
struct RetriesAreSafeTests {
  @Test("what may have happened is not repeated by guess")
  func unsafe() {
    expectFindings(
      [.error(at: "①", "'retry' could do this twice: its effect is 'write' and it is not 'idempotent'")],
      in: "steps:\n  - id: one\n    ①retry: {max: 3}\n    command: {run: [date]}")
  }

  @Test("reading, and what is promised to be repeatable, may be retried")
  func safe() throws {
    let playbook = try playbook(
      """
      steps:
        - id: one
          retry: {max: 3, every: 2s, backoff: 1.5}
          http: {connection: api, get: /}
        - id: two
          retry: {max: 2}
          idempotent: true
          command: {run: [date]}
          verify: {assert: {that: exit_code == 0}}
      """)
    #expect(playbook.steps[0].retry == Retry(max: 3, every: .seconds(2), backoff: 1.5))
    #expect(playbook.steps[1].retry == Retry(max: 2, every: .seconds(1), backoff: 1))
  }
}
