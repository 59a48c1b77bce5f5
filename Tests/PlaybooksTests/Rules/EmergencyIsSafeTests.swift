import IncidentModel
import Testing

@testable import Playbooks

@Suite("EmergencyIsSafe")
struct EmergencyIsSafeTests {
  @Test("without a journal a step must be checked and repeatable")
  func unsafe() {
    expectFindings(
      [
        .error(at: "①", "'emergency' needs a 'verify'"),
        .error(at: "①", "'emergency' needs idempotent: true, or effect read"),
        .error(at: "②", "'emergency' needs idempotent: true, or effect read"),
      ],
      in: """
        kill_switch: {word: STOP}
        steps:
          - id: one
            ①emergency: true
            command: {run: [date]}
          - id: two
            ②emergency: true
            command: {run: [date]}
            verify: {assert: {that: exit_code == 0}}
          - id: three
            emergency: true
            http: {connection: api, get: /}
            verify: {assert: {that: status == 200}}
        """)
  }
}
