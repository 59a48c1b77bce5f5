import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("A report to hand on", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemExportTests {
  /// An incident with a run that failed, one that waits, notes, a follow-up and a call.
  private func desk(_ text: String = "wallet of the thief is known") async throws -> OnCall {
    let desk = try await OnCall().opened()
    try desk.playbooks.add(
      "mend",
      steps: "- {id: good, name: \"Stop the pump\", shell: {run: \"true\"}}\n"
        + "- {id: bad, name: \"Close the valve\", shell: {run: \"echo rusted; exit 3\"}}")
    let run = try await desk.andon("run", "mend", "--auto", "--yes", "--on-failure", "continue")
    try #require(run.code == 1, "\(run)")
    let parked = try await desk.andon("run", "look", "--auto")
    try #require(parked.code == 4, "\(parked)")
    for words in [
      ["note", text, "--star"], ["incident", "followup", "add", text], ["incident", "edit", "--title", text],
    ] {
      let result = try await AndonProgram(environment: desk.variables).run(words)
      try #require(result.code == 0, "\(result)")
    }
    return desk
  }

  /// What a parser of HTML finds in a page; fails when anything in it could act, or does not fit together.
  private func read(_ page: String, as markdown: String? = nil, in desk: OnCall) async throws -> Value {
    let folder = desk.playbooks.folder
    let files =
      [try folder.write(page, to: "read/page.html")]
      + (try markdown.map { [try folder.write($0, to: "read/report.md")] } ?? [])
    let result = try await RunningProgram(
      [Repository.python ?? "", Repository.file("Tests/read_page.py")] + files, environment: ["PATH": "/usr/bin:/bin"]
    ).wait()
    try #require(result.code == 0, "\(result)")
    return try Value.json(Data(result.stdout.utf8))
  }

  private func export(_ desk: OnCall, _ words: String...) async throws -> String {
    let result = try await AndonProgram(environment: desk.variables).run(["postmortem", "export"] + words)
    try #require(result.code == 0, "\(result)")
    return result.stdout
  }

  @Test(
    "The page is one file that loads and runs nothing, with the bars drawn, and writing it appends nothing",
    .needsPython)
  func page() async throws {
    let desk = try await desk()
    let (count, path) = (try desk.count, desk.playbooks.folder.file("report.html"))
    let written = try await desk.andon("postmortem", "export", "INC-1", "--out", path)
    #expect(written.code == 0 && written.stdout.contains(path), "\(written)")
    let page = try String(contentsOfFile: path, encoding: .utf8)
    let found = try await read(page, in: desk)
    #expect(found.text("lang") == "en" && found.text("title").contains("INC-1"), "\(found.text("title"))")
    #expect(found["svgs"]?.items.map { $0.text("bars") } == ["3"], "a bar for each step that began")
    #expect(found["headings"]?.items.contains(.text("Timeline")) == true)
    #expect(found.text("words").contains("wallet of the thief is known") && page.contains("FAILED"))
    #expect(try desk.count == count, "writing a report appended something")
    // The same bytes for whoever, wherever and whenever.
    var elsewhere = desk.variables
    for (name, value) in ["TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "USER": "lee"] { elsewhere[name] = value }
    let again = try await AndonProgram(environment: elsewhere).run([
      "postmortem", "export", "INC-1", "--format", "html",
    ])
    #expect(again.stdout == page)
  }

  @Test("The page is built as another reader of Markdown builds it, also from what people wrote", .needsPython)
  func agreement() async throws {
    let desk = try await desk("a | b *c* _d_ [e](https://example.org) <b>&amp; `f` # g")
    let markdown = try await export(desk, "INC-1", "--format", "md")
    _ = try await read(try await export(desk, "INC-1", "--format", "html"), as: markdown, in: desk)
    let human = """
      # Ours

      We *really* saw **two** things: `a | b` and [this](https://example.org/a?b=c&d=e "why").
      A line\\
      and another  
      and ~~not~~ this.

      1. first

         with more

      2. second
         - nested
           * deeper
      - other

      > quoted
      > still > here

      | Who | What | 7 |
      |:--|:-:|--:|
      | ana | x \\| y | 1 |
      | lee | **z** |

      Setext
      ------

      ~~~
      <b> & `x`
      ~~~

          indented

      ***
      <!-- not shown -->
      snake_case_word, 5 * 3 * 2, a_b_ and _c_
      """
    let file = try desk.playbooks.folder.write(human + "\n", to: "ours.md")
    let found = try await read(try await export(desk, file, "--format", "html"), as: human, in: desk)
    #expect(found["headings"]?.items.map(\.displayText) == ["Ours", "Setext"])
  }

  @Test("Hostile words change nothing of the page's build", .needsPython)
  func hostile() async throws {
    let plain = try await read(try await export(try await desk("x"), "INC-1", "--format", "html"), in: try OnCall())
    for text in [
      "</td></tr></table><script>alert(1)</script>", "<img src=x onerror=alert(1)> \"><b>",
      "[x](javascript:alert(1)) ![y](z)",
      "a | b | c `d` **e**", "x -->\n# f\n\n```\ng", "%% \u{202E}click h href \"https://evil.example.com\"; end",
    ] {
      let desk = try await desk(text)
      let markdown = try await export(desk, "INC-1", "--format", "md")
      let found = try await read(try await export(desk, "INC-1", "--format", "html"), as: markdown, in: desk)
      #expect(found["tables"] == plain["tables"] && found["svgs"] == plain["svgs"], "\(text)")
      #expect(found["headings"]?.items.count == plain["headings"]?.items.count, "\(text)")
    }
  }

  @Test("From a file it is what people made of it: their words in the page, the marks gone, every other byte kept")
  func finished() async throws {
    let desk = try await desk()
    let path = desk.playbooks.folder.file("mine.md")
    #expect(try await desk.andon("postmortem", "create", "INC-1", "--out", path).code == 0)
    let human = "Nobody lost money; *twelve* people waited. \u{41F}\u{440}\u{438}\u{432}\u{435}\u{442}  "
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let prompt = try #require(text.split(separator: "\n").first { $0.hasPrefix("_Write here:") })
    text = text.replacing(prompt, with: human, maxReplacements: 1)
    try desk.playbooks.folder.write(text, to: "mine.md")
    let copy = try await desk.andon("postmortem", "export", path)
    #expect(copy.code == 0, "\(copy)")
    let kept = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("<!-- andon:") }
    #expect(copy.stdout == kept.joined(separator: "\n"))
    #expect(
      copy.stdout != text && copy.stderr.contains(/Still to be written, in .*mine\.md: line \d+, \d+/), "\(copy.stderr)"
    )
    let page = try await export(desk, path, "--format", "html")
    #expect(
      page.contains("<em>twelve</em> people waited. \u{41F}") && page.contains("<svg") && !page.contains("andon:begin"))
    // The journal has none of it: what comes from there alone is refused.
    for words in [["--format", "json"], ["--format", "csv"], ["--public"], ["--template", path]] {
      let refused = try await AndonProgram(environment: desk.variables).run(["postmortem", "export", path] + words)
      #expect(refused.code == 64 && refused.stderr.contains(words.joined(separator: " ").prefix(10)), "\(refused)")
    }
  }

  @Test("A secret that somebody pasted into a report is not handed on")
  func secret() async throws {
    let desk = try await desk()
    let path = try desk.playbooks.folder.write("# R\n\nThe token was \(desk.secret).\n", to: "leak.md")
    for format in ["md", "html"] {
      let text = try await export(desk, path, "--format", format)
      #expect(text.contains("The token was ") && !text.contains(desk.secret), "\(text)")
    }
  }

  @Test("JSON and CSV are those of the report and of the timeline, and the ending of --out says which is meant")
  func otherForms() async throws {
    let desk = try await desk("=HYPERLINK(\"x\")")
    let folder = desk.playbooks.folder
    let csv = try await export(desk, "INC-1", "--format", "csv")
    #expect(csv == (try await desk.andon("timeline", "export", "INC-1", "--format", "csv").stdout))
    #expect(csv.contains(",\"'=HYPERLINK(\"\"x\"\")\",") && csv.hasSuffix("\r\n"), "\(csv)")
    let json = try Value.json(Data(try await export(desk, "INC-1", "--format", "json").utf8))
    #expect(json == (try Value.json(Data(try await desk.andon("postmortem", "create", "INC-1", "--json").stdout.utf8))))
    for (ending, begin) in [("csv", "time,"), ("json", "{"), ("html", "<!doctype html>"), ("md", "# "), ("txt", "# ")] {
      let path = folder.file("made.\(ending)")
      _ = try await export(desk, "INC-1", "--out", path)
      #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(begin), "\(ending)")
    }
    let wrapped = try Value.json(Data(try await export(desk, "INC-1", "--format", "html", "--json").utf8))
    #expect(wrapped.text("schema_version") == "1" && wrapped.text("text").hasPrefix("<!doctype html>"))
  }

  @Test("The public report has nothing in any form that anybody typed, named or printed", .needsPython)
  func publicForms() async throws {
    let desk = try await desk("kanarienvogel")
    #expect(try await desk.andon("mitigate", "--at", "5m ago").code == 0)
    let full = try await export(desk, "INC-1", "--format", "md")
    let json = try Value.json(Data(try await export(desk, "INC-1", "--format", "json").utf8))
    let secrets = [
      "kanarienvogel", "orders fail", "dana", "mend", "rusted", "valve", "pump", "RUN-", "INC-", desk.secret,
      json["head"]?.text("hash") ?? "none", "api.example.org", "echo", "What do you see",
    ]
    #expect(secrets.filter { full.contains($0) }.count >= 9, "the canaries are where they should be")
    for format in ["md", "html", "json", "csv"] {
      let text = try await export(desk, "INC-1", "--public", "--format", format)
      for word in secrets { #expect(!text.contains(word), "\(word) in \(text)") }
      #expect(text.contains("P1"), "\(text)")
    }
    let page = try await export(desk, "INC-1", "--public", "--title", "Trading <paused>", "--format", "html")
    let found = try await read(page, in: desk)
    #expect(found.text("title") == "Incident report: Trading <paused>")
    #expect(
      found["headings"]?.items.map(\.displayText) == [
        "Incident report: Trading <paused>", "Summary", "What happened", "Impact", "What we are doing",
      ])
    #expect(
      found.text("words").contains("Its effects were stopped 5 minutes after we noticed it."), "\(found.text("words"))")
  }

  @Test(
    "A template is filled the same each time; what it names wrongly is refused with its line, and nothing is written")
  func templates() async throws {
    let desk = try await desk("a | b <i>")
    let folder = desk.playbooks.folder
    let good = try folder.write(
      "# {{incident.title}}\n\n{{#findings}}\n- {{kind}}: {{subject}}\n{{/findings}}\n\n{{{markdown.targets}}}\n",
      to: "good.md")
    let text = try await export(desk, "INC-1", "--template", good)
    #expect(text.hasPrefix("# a \\| b &lt;i&gt;\n") && text.contains("- failed: Close the valve\n"), "\(text)")
    #expect(try await export(desk, "INC-1", "--template", good) == text)
    #expect(
      try await export(desk, "INC-1", "--template", good, "--format", "html").contains(
        "<h1 id=\"a-b-i\">a | b &lt;i&gt;</h1>"))
    let out = folder.file("none.md")
    for (template, line) in [("a\n{{#drills}}{{titel}}{{/drills}}", 2), ("\n\n{{#runs}}", 3), ("{{>x}}", 1)] {
      let path = try folder.write(template, to: "bad.md")
      let refused = try await desk.andon("postmortem", "export", "INC-1", "--template", path, "--out", out)
      #expect(refused.code == 65 && refused.stderr.contains("bad.md:\(line): "), "\(refused)")
    }
    let named = try folder.write("{{incident.title}}", to: "named.md")
    let refused = try await desk.andon("postmortem", "export", "INC-1", "--public", "--template", named, "--out", out)
    #expect(refused.code == 65, "a public template can name nothing that is not public: \(refused)")
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test("What cannot be done is told with what to do instead, and no file is touched")
  func refusals() async throws {
    let desk = try await desk()
    let folder = desk.playbooks.folder
    let there = try folder.write("mine", to: "there.html")
    try folder.write(bytes: [0x23, 0x20, 0xFF, 0xFE], to: "bytes.md")
    let lines: [([String], Int32, String)] = [
      (["INC-1", "--out", there], 64, "--out"), (["INC-9"], 65, "andon history"), (["none.md"], 64, "INC-1"),
      ([folder.path], 64, "INC-1"), ([folder.file("bytes.md")], 65, "UTF-8"),
      (["INC-1", "--title", "x"], 64, "--public"),
      (["INC-1", "--format", "pdf"], 64, "html"), (["INC-1", "--template", "none.md"], 64, "none.md"),
      (["INC-1", "--template", there, "--format", "csv"], 64, "md or html"), ([], 64, "source"),
    ]
    for (words, code, told) in lines {
      let result = try await AndonProgram(environment: desk.variables).run(["postmortem", "export"] + words)
      #expect(result.code == code && result.stderr.contains(told) && result.stdout.isEmpty, "\(words): \(result)")
    }
    #expect(try String(contentsOfFile: there, encoding: .utf8) == "mine")
  }
}
