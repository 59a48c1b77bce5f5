import IncidentModel
import Testing

@testable import Playbooks

@Suite("ChangesAreVerified")
struct ChangesAreVerifiedTests {
  @Test("a change that nothing checks is warned of; reading and asking people is not")
  func unverified() {
    expectFindings(
      [
        .warning(at: "①", "nothing checks that this change took effect"),
        .warning(at: "②", "nothing checks that this change took effect"),
      ],
      in: """
        steps:
          - {id: one, ①command: {run: [date]}}
          - {id: two, ②http: {connection: api, post: /x}}
          - {id: three, http: {connection: api, get: /x}}
          - {id: four, manual: {ask: Do it}}
          - {id: five, effect: read, shell: {run: date}}
        """, warnings: true)
  }
}
