import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("PlaybooksExist")
struct PlaybooksExistTests {
  @Test("a playbook that is run must be there; one that takes back should")
  func missing() throws {
    let folder = try TemporaryFolder()
    try folder.write(completed("id: resume-trading"), to: "emergency/resume-trading.yaml")
    expectFindings(
      [
        .error(at: "①", "no playbook is named 'resume-tradin'", hint: "did you mean 'resume-trading'?"),
        .error(at: "②", "a playbook cannot run itself"),
        .warning(at: "③", "no playbook is named 'elsewhere'", hint: "'andon playbook list' shows all"),
        .warning(at: "④", "no playbook is named 'nowhere'"),
      ],
      in: """
        inverse: ③elsewhere
        steps:
          - {id: one, playbook: {id: ①resume-tradin}}
          - {id: two, playbook: {id: ②test}}
          - {id: three, playbook: {id: resume-trading}}
          - {id: four, wait: {for: 1s}, undo: {playbook: ④nowhere}}
        """, warnings: true, library: PlaybookLibrary(directory: folder.path))
  }

  @Test("without a library nothing is said")
  func noLibrary() {
    #expect(load("inverse: elsewhere\nsteps:\n  - {id: one, playbook: {id: nowhere}}").errors == [])
  }
}
