import IncidentModel
import Testing

@testable import Playbooks

@Suite("StepsCanBeReached")
struct StepsCanBeReachedTests {
  private static let hint = "compare with a param or with what an earlier step found: params.name, steps.id.row_count"

  @Test("a condition that no run can change is pointed at; one that depends on something is not")
  func constants() {
    expectFindings(
      [
        .warning(at: "①", "this step is never reached: '1 > 2' never holds", hint: Self.hint),
        .warning(at: "②", "what stands under 'then' is never reached: 'false' never holds", hint: Self.hint),
        .warning(at: "③", "what stands under 'else' is never reached: 'true' always holds", hint: Self.hint),
      ],
      in: """
        params: {deep: {type: bool, default: false}}
        steps:
          - {id: one, when: ①1 > 2, wait: {for: 1s}}
          - {id: two, when: params.deep, wait: {for: 1s}}
          - {id: three, when: true, wait: {for: 1s}}
          - if: {that: ②false, then: [{id: four, wait: {for: 1s}}], else: [{id: five, wait: {for: 1s}}]}
          - if: {that: ③true, then: [{id: six, wait: {for: 1s}}], else: [{id: seven, wait: {for: 1s}}]}
        """, warnings: true)
  }
}
