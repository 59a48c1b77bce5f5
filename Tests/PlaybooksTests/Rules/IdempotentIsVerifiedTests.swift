import IncidentModel
import Testing

@testable import Playbooks

@Suite("IdempotentIsVerified")
struct IdempotentIsVerifiedTests {
  @Test("a promise without a check is refused, a check that could not be read is not called missing")
  func unverified() {
    expectFindings(
      [.error(at: "①", "'idempotent' needs a 'verify'")],
      in: "steps:\n  - id: one\n    ①idempotent: true\n    command: {run: [date]}")
    expectFindings(
      [.error(at: "①", "a 'verify' has no key 'unitl'", hint: "did you mean 'until'?")],
      in:
        "steps:\n  - id: one\n    idempotent: true\n    command: {run: [date]}\n    verify: {command: {run: [date]}, ①unitl: exit_code == 0}"
    )
  }
}
