import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("MessagesExist")
struct MessagesExistTests {
  @Test("a missing message is warned of, and keeps nothing from running")
  func missing() throws {
    let folder = try TemporaryFolder()
    try folder.write("paused", to: "templates/trading-paused.md")
    expectFindings(
      [
        .warning(at: "①", "there is no message 'templates/trading-pause.md'", hint: "did you mean 'trading-paused'?"),
        .warning(at: "②", "there is no message 'templates/core.md'", hint: "write it there"),
      ],
      in: """
        steps:
          - {id: one, notify: {connection: discord, template: ①trading-pause}}
          - {id: two, notify: {connection: discord, template: trading-paused}}
          - {id: three, manual: {ask: Write, draft: ②core}}
        """, warnings: true, library: PlaybookLibrary(directory: folder.path))
  }
}
