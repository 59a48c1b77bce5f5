import IncidentModel
import Testing

@testable import Playbooks

@Suite("ProgramsAreFixed")
struct ProgramsAreFixedTests {
  @Test("which program runs does not come from a value")
  func template() {
    expectFindings(
      [
        .error(at: "①", "the program cannot come from a value"),
        .error(at: "②", "the program cannot come from a value"),
      ],
      in: """
        params: {v: {type: text, default: x}}
        steps:
          - id: one
            command: {run: [①"${params.v}", x]}
            verify: {command: {run: [②"/bin/${params.v}"]}, until: exit_code == 0}
        """)
  }
}
