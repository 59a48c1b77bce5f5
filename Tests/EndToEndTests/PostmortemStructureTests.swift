import Foundation
import IncidentModel
import TestSupport
import Testing

/// A report read by renderers that are not ours: markdown-it-py, mistune and cmark-gfm.
@Suite("The postmortem, as renderers see it", .inTurn, .needsPython, .timeLimit(.minutes(40)))
struct PostmortemStructureTests {
  /// Blank texts are refused as notes; the others are told in every place that takes one.
  private static let texts = (HostileTexts.markdown + HostileTexts.html + HostileTexts.mermaid + HostileTexts.csv)
    .filter { !$0.allSatisfy(\.isWhitespace) }

  private func check(_ what: String, _ files: String...) async throws -> ProgramResult {
    let python = try #require(Repository.python)
    return try await RunningProgram(
      [python, Repository.file("Tests/check_reports.py"), what] + files,
      environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    ).wait()
  }

  /// An incident in which every text of `texts` is noted, and all of them together are a title, a param, a printed line,
  /// an answer and a name; the report of it.
  private func report(_ texts: [String], in folder: TemporaryFolder, _ name: String) async throws -> String {
    let all = texts.joined(separator: " ") + "\n" + texts.joined(separator: "\n")
    let book = try TestPlaybooks(variables: ["ANDON_ACTOR": String(texts[0].prefix(30))])
    let said = try book.folder.write(all, to: "said")
    try book.add(
      "tells", top: "severity: P2\nparams: {p: {type: text, required: true}}",
      steps: """
        - {id: says, name: "Say ${params.p}", effect: read, shell: {run: "cat $F; cat $F >&2", env: {F: "\(said)"}}, register: {said: stdout}}
        - {id: fails, name: "Fail ${params.p}", effect: write, shell: {run: "cat $F >&2; exit 1", env: {F: "\(said)"}}}
        - {id: states, assert: {that: 'params.p == "x"', message: "it is ${params.p}"}}
        - {id: titled, incident: {title: "About ${params.p}"}}
        - {id: later, incident: {follow_up: {title: "Do ${params.p}", owner: "${params.p}"}}}
        """)
    let run = try await book.run("tells", "--on-failure", "continue", "--var", "p=\(all)")
    #expect(run.code == 1, "\(run)")
    for text in texts {
      let noted = try await AndonProgram(environment: book.environment).run(["note", "INC-1", "-"], input: text)
      #expect(noted.code == 0, "\(noted)")
    }
    let why = String(all.prefix(400))
    for words in [
      ["incident", "classify", "INC-1", "--severity", "P1", "--why", why],
      ["incident", "role", "lead", texts[0], "INC-1"], ["mitigate", "INC-1", "--why", why],
    ] {
      let result = try await AndonProgram(environment: book.environment).run(words)
      #expect(result.code == 0, "\(result)")
    }
    let path = folder.file(name)
    let made = try await book.andon("postmortem", "create", "INC-1", "--out", path)
    #expect(made.code == 0, "\(made)")
    return path
  }

  @Test("Titles, notes, params, outputs, reasons and handles full of markup change words and nothing else")
  func hostile() async throws {
    let folder = try TemporaryFolder()
    let harmless = try await report(Self.texts.indices.map { "harmless words \($0)" }, in: folder, "harmless.md")
    let hostile = try await report(Self.texts, in: folder, "hostile.md")
    let result = try await check("structure", harmless, hostile)
    #expect(result.code == 0, "\(result)")
    let text = try String(contentsOfFile: hostile, encoding: .utf8)
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    // The checker itself sees what it is there to see.
    let broken = try folder.write(text + "\n<script>alert(1)</script>\n", to: "broken.md")
    #expect(try await check("structure", harmless, broken).code == 1)
    Figures.record(
      ["texts": Self.texts.count, "renderers": 3],
      promise: "What is recorded changes nothing in a report but its words",
      attack: "whole incidents full of markup, read by markdown-it-py, mistune and cmark-gfm", in: "Injection")
  }

  @Test("Every section that the templates of Google SRE, PagerDuty, Atlassian and GitLab ask for is there")
  func templates() async throws {
    let book = try TestPlaybooks()
    try book.add("fine", top: "severity: P2", steps: "- {id: a, name: A, wait: {for: 1ms}}")
    #expect(try await book.run("fine").code == 0)
    let path = book.folder.file("report.md")
    #expect(try await book.andon("postmortem", "create", "INC-1", "--out", path).code == 0)
    let result = try await check("sections", path)
    #expect(result.code == 0, "\(result)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let less = try book.folder.write(text.replacing("## Where we got lucky", with: "## Chance"), to: "less.md")
    #expect(try await check("sections", less).code == 1)
  }

  @Test("docs/postmortem.md names every heading of a report")
  func documented() async throws {
    let book = try TestPlaybooks()
    try book.add("fine", top: "severity: P2", steps: "- {id: a, name: A, wait: {for: 1ms}}")
    #expect(try await book.run("fine").code == 0)
    let report = try await book.andon("postmortem", "create", "INC-1", "--out", "-").stdout
    let page = try String(contentsOfFile: Repository.file("docs/postmortem.md"), encoding: .utf8)
    let headings = report.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { $0.dropFirst(3) }
    #expect(headings.count > 25)
    for heading in headings where !heading.hasPrefix("RUN-") {
      #expect(page.contains("| \(heading) |"), "\(heading)")
    }
  }
}
