import Foundation
import TestSupport
import Testing

@Suite("The notes on the runbook")
struct RunbookNotesTests {
  @Test("Every playbook that is shipped stands beside the section of the runbook that it is for")
  func everyPlaybook() throws {
    let notes = try String(contentsOfFile: Repository.file("docs/runbook-notes.md"), encoding: .utf8)
    let files = FileManager.default.enumerator(atPath: Repository.file("playbooks"))?.compactMap { $0 as? String } ?? []
    let others = ["environments/", "templates/", "sandbox/"]
    let playbooks = files.filter { file in
      file.hasSuffix(".yaml") && file.contains("/") && !others.contains(where: file.hasPrefix)
    }
    #expect(playbooks.count >= 7)
    for file in playbooks {
      let isThere = notes.contains("`\(file.dropLast(".yaml".count))`")
      #expect(isThere, "docs/runbook-notes.md does not say what \(file) is for")
    }
  }

  @Test("Every command that they tell to type is one")
  func commands() async throws {
    let notes = try String(contentsOfFile: Repository.file("docs/runbook-notes.md"), encoding: .utf8)
    let dump = try await CommandDump.ask()
    for match in notes.matches(of: /`andon ([a-z ]+)/) {
      let words = match.1.split(separator: " ").map(String.init)
      let command = dump.root.called(by: words).command
      #expect(command.line != "andon", "there is no 'andon \(match.1)'")
    }
  }
}
