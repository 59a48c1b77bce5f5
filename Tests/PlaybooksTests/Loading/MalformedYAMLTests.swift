import IncidentModel
import Testing

@testable import Playbooks

@Suite("What is not YAML is explained in words for people who write it")
struct MalformedYAMLTests {
  @Test("a colon inside a text is explained")
  func colon() {
    expectFindings(
      [.error(at: "①", "a ':' stands where no key can be")], in: "description: Danger①: do not touch")
  }

  @Test("a quote that does not end is pointed at where it begins")
  func openQuote() {
    expectFindings([.error(at: "①", "the quoted text that begins here does not end")], in: "owner: ①\"platform")
  }

  @Test("a list that is not closed is pointed at where it begins")
  func openList() {
    expectFindings([.error(at: "①", "the list that begins here is not closed")], in: "tags: ①[a, b")
  }

  @Test("braces that are not closed are pointed at where they open")
  func openBraces() {
    expectFindings([.error(at: "①", "the braces that open here are not closed")], in: "targets: ①{contain: 5m")
  }

  @Test("a line that stands in no column of a list is pointed at")
  func indentation() {
    expectFindings(
      [.error(at: "①", "a '-' is expected here", hint: "all items of a list have the same indentation")],
      in: "steps:\n  - id: one\n    wait: {for: 1s}\n   ①name: x")
  }

  @Test("a text that begins with a sign YAML keeps for itself should be quoted")
  func reserved() {
    expectFindings(
      [.error(at: "①", "a text cannot begin with this character", hint: "quote the text")], in: "owner: ①@platform")
    expectFindings([.error(at: "①", "a text cannot begin with this character")], in: "owner: ①`platform`")
  }

  @Test("a file that is no map is called what it is", arguments: ["- a\n- b\n", "just a text\n"])
  func notAMap(_ text: String) {
    let result = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
    #expect(result.playbook == nil)
    #expect(result.errors.first?.message.hasPrefix("the file must be a playbook") == true)
  }

  @Test("a text of a few bytes is read as it stands", arguments: ["a", "a: b", "[]", "x: 'y'"])
  func short(_ text: String) {
    let result = PlaybookLoader(library: nil).load(text: text, file: "test.yaml")
    #expect(!result.errors.isEmpty)
    #expect(result.errors.allSatisfy { $0.location.line == 1 })
  }
}
