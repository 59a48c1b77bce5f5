import IncidentModel
import Testing

@testable import Playbooks

@Suite("EmergencyLeadsToSafety")
struct EmergencyLeadsToSafetyTests {
  private static func steps(_ mark: String) -> String {
    """
    steps:
      - id: one
        \(mark)emergency: true
        http: {connection: api, get: /}
        verify: {assert: {that: status == 200}}
    """
  }

  @Test("only a kill switch may act without a journal")
  func direction() {
    expectFindings(
      [.error(at: "①", "'emergency' stands only in a kill switch")], in: "confirm: RESUME\n" + Self.steps("①"))
    expectFindings([], in: "kill_switch: {word: STOP}\n" + Self.steps(""))
  }
}
