import IncidentModel
import Testing

@testable import Playbooks

@Suite("IDMatchesFile")
struct IDMatchesFileTests {
  @Test("the id is the file's name")
  func mismatch() {
    expectFindings(
      [.error(at: "①", "the id is 'other', but the file is 'test.yaml'", hint: "write id: test, or rename the file")],
      in: "id: ①other")
  }

  @Test("folders do not matter", arguments: ["test.yaml", "a/b/test.yaml", "/x/test.yaml"])
  func folders(_ file: String) {
    #expect(PlaybookLoader(library: nil).load(text: completed(""), file: file).errors == [])
  }
}
