import IncidentModel
import Testing

@testable import Playbooks

@Suite("DestructionHasAWayBack")
struct DestructionHasAWayBackTests {
  @Test("a destructive step without a way back is warned of")
  func none() {
    expectFindings(
      [.warning(at: "①", "this step is destructive and says no way back")],
      in: """
        steps:
          - {id: one, effect: ①destructive, manual: {ask: Do it}}
          - {id: two, effect: destructive, manual: {ask: Do it}, undo: {playbook: back}}
          - {id: three, effect: destructive, manual: {ask: Do it}, undo: {manual: {ask: Undo it}}}
        """, warnings: true)
    #expect(load("inverse: back\nsteps:\n  - {id: one, effect: destructive, manual: {ask: Do it}}").diagnostics == [])
  }
}
