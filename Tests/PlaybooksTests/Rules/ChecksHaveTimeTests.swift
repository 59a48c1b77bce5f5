import IncidentModel
import Testing

@testable import Playbooks

@Suite("ChecksHaveTime")
struct ChecksHaveTimeTests {
  @Test("a check that looks again too late is warned of")
  func late() {
    expectFindings(
      [
        .warning(
          at: "①", "this check looks only once: every 30s, within 10s", hint: "make 'within' longer than 'every'")
      ],
      in:
        "steps:\n  - id: one\n    command: {run: [date]}\n    verify: {command: {run: [date]}, until: exit_code == 0, every: ①30s}",
      warnings: true)
  }

  @Test("a check without a condition is refused")
  func until() {
    expectFindings(
      [.error(at: "①", "a 'verify' needs 'until'"), .error(at: "②", "'until' cannot stand beside 'assert'")],
      in: """
        steps:
          - id: one
            command: {run: [date]}
            verify: ①{command: {run: [date]}}
          - id: two
            command: {run: [date]}
            verify: {assert: {that: exit_code == 0}, ②until: exit_code == 0}
        """)
  }
}
