import IncidentModel
import Testing

@testable import Playbooks

@Suite("A mistake is shown with its line and a caret")
struct DiagnosticTextTests {
  private func diagnostic(_ line: String?, column: Int, hint: String? = "did you mean 'triage'?") -> Diagnostic {
    Diagnostic(
      .error, at: SourceLocation(file: "playbooks/x.yaml", line: 3, column: column), "no step is named 'traige'",
      hint: hint, sourceLine: line)
  }

  @Test("the caret stands under the place, and the hint behind it")
  func caret() {
    #expect(
      diagnostic("    next: traige", column: 11).text == """
        playbooks/x.yaml:3:11: error: no step is named 'traige'
          3 |     next: traige
            |           ^ did you mean 'triage'?
        """)
  }

  @Test("tabs and wide characters do not move the caret away")
  func widths() {
    #expect(
      diagnostic("\ta: 日本 x", column: 8).text.split(separator: "\n").suffix(2) == [
        "  3 | \ta: 日本 x", "    | \t        ^ did you mean 'triage'?",
      ])
  }

  @Test("a long line is cut around the place")
  func longLine() throws {
    let line = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
    let lines = diagnostic(line, column: 301).text.split(separator: "\n").map(Array.init)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(lines[1][caret] == "X")
    #expect(lines[1].count < 130)
  }

  @Test("nothing that steers a terminal gets through")
  func control() {
    #expect(!diagnostic("a\u{1B}[2Jb", column: 1, hint: "\u{1B}]0;x\u{7}").text.contains("\u{1B}"))
  }

  @Test("without a line the hint still stands there")
  func noLine() {
    #expect(
      diagnostic(nil, column: 1).text
        == "playbooks/x.yaml:3:1: error: no step is named 'traige'\n    did you mean 'triage'?")
  }

  @Test("all mistakes of a file come at once, in the order of the file")
  func order() {
    let result = load("ownr: a\nseverity: P7\nsteps:\n  - id: one\n    when: params.x\n    wait: {for: soon}")
    #expect(result.errors.map(\.location.line) == [6, 7, 10, 11])
  }
}
