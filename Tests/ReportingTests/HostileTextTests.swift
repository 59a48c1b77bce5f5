import Foundation
import IncidentModel
import Playbooks
import Reporting
import Testing

@Suite struct HostileTextTests {
  static let titles = [
    "a | b | c", "# not a heading", "line one\nline two\n\n## Action items\n", "<script>alert(1)</script>",
    "<!-- andon:end timeline -->", "`code` and ``` fences ```", "[link](https://example.org)", "![img](x)",
    "- item", "1. item", "**bold** _it_ ~~no~~", "\u{1B}[2Jgone", "\u{202E}backwards", "zero\u{200B}width", "---",
    "&lt;", "", "C1 \u{9B}31m", "\u{2028}separator",
    "a |\u{301} b", "`\u{301}``\u{301}```", "#\u{301} a", "<\u{301}!-- x", "a\r\nb\r# c",
  ]

  /// Headings, table widths, fences and marks: what a renderer builds the page from.
  private func structure(_ markdown: String) -> [String] {
    var fence: String?
    return markdown.components(separatedBy: "\n").compactMap { line in
      if let open = fence {
        if line == open { fence = nil }
        return line.contains("<!-- andon") ? line : nil
      }
      if line.hasPrefix("```") {
        fence = String(line.unicodeScalars.prefix { $0 == "`" })
        return "fence"
      }
      if line.hasPrefix("#") { return String(line.prefix { $0 == "#" }) }
      if line.hasPrefix("|") {
        // A bar after a backslash is text; so Markdown reads it, one Unicode scalar after the other.
        let bars = zip(line.unicodeScalars, [" "] + line.unicodeScalars).filter { $0 == "|" && $1 != "\\" }.count
        return "table \(bars)"
      }
      if line.hasPrefix("<!--") { return String(line.prefix { $0 != "=" }) }
      return nil
    }
  }

  /// The incident with a text in every place where people and programs bring one.
  func file(_ text: String) throws -> IncidentFile { try story(text).file() }

  private func story(_ text: String) -> Story {
    var story = Story()
    story.actor = "dana@ops1"
    story.open(title: text)
    story.add(.severityChanged(SeverityChange(from: .p0, to: .p1, why: text)))
    story.add(Story.start(), run: 1)
    story.closeTill(title: text)
    story.failDoor(stderr: text)
    story.add(.noted(Note(text: text, happened: nil, starred: false)), run: 1)
    story.add(.incidentEdited(IncidentEdit(title: text)))
    story.add(.roleAssigned(RoleAssignment(role: .lead, person: text, why: text)))
    story.add(.escalated(Escalation(contact: text, title: text, reach: text, outcome: .reached, why: text)))
    story.add(.followUpRecorded(FollowUp(number: 1, title: text, owner: text, due: Story.begin, why: text)))
    story.add(.stepAsked(Story.neighboursQuestion), run: 1, step: "tell-neighbours")
    let answer = StepAnswer(answer: .text(text), why: text, ticked: [1])
    story.add(.stepAnswered(answer), run: 1, step: "tell-neighbours")
    let sample = StepSample(number: 1, watchedMilliseconds: 1000, value: nil, reading: text, missed: false)
    story.add(.stepSampled(sample), run: 1, step: "tell-neighbours")
    story.add(.stepRolledBack(StepRollback(by: text)), run: 1, step: "close-till")
    story.add(.runHandedOver(RunHandover(person: text, why: text)), run: 1)
    story.add(.cancellationAsked(RunCancellation(now: true, why: text)), run: 1)
    _ = story.queue(text)
    story.add(.stepSkipped(StepSkip(title: text, reason: text, cause: .person)), run: 1, step: "tell-neighbours")
    story.add(.runFinished(RunEnd(phase: .failed, reason: text)), run: 1)
    return story
  }

  @Test("hostile titles, notes, reasons and outputs cannot change the report's structure", arguments: titles)
  func structureHolds(_ title: String) throws {
    let plain = structure(PostmortemMarkdown(Postmortem(try story("harmless").file())).text)
    let hostile = structure(PostmortemMarkdown(Postmortem(try story(title).file())).text)
    // An empty output has no block of its own.
    if title.isEmpty {
      #expect(plain.filter { $0 != "fence" } == hostile.filter { $0 != "fence" })
    } else {
      #expect(plain == hostile)
    }
  }

  @Test("no report in any form holds a character that acts on a terminal", arguments: titles)
  func nothingActs(_ title: String) throws {
    let file = try story(title).file()
    let run = try RunReport(RunID(number: 1), in: file)
    let texts = [
      PostmortemMarkdown(Postmortem(file)).text, try ReportJSON.text(Postmortem(file)), run.text(), try run.json(),
      try run.step("1").text(), try run.step("lock-door").text(), try run.step("lock-door").json(),
      TimelineReport(file, everything: true).text(), TimelineReport(file).markdown, TimelineReport(file).csv,
      try TimelineReport(file).mermaid(), try run.step("tell-neighbours").text(),
      IncidentReport(file).text(), try IncidentReport(file).json(),
      HistoryReport(Register(file.entries)).text(),
      StatusReport(Register(file.entries), openRuns: [], now: Story.begin).text(),
    ]
    // CSV ends its lines with CR LF.
    for text in texts.map({ $0.replacing("\r\n", with: "\n") }) {
      #expect(text == text.visible(keepingLineBreaks: true))
    }
  }

  @Test("JSON still says exactly what was recorded, however it is escaped")
  func jsonKeepsText() throws {
    let title = "\u{1B}[2J \u{202E}x \u{9B}y \u{E0041}z"
    let json = try object(try IncidentReport(try story(title).file()).json())
    #expect((json["incident"] as? [String: Any])?["title"] as? String == title)
  }

  @Test("a chart holds nothing that its language could take for its own")
  func chart() throws {
    let title = "click me: a;b #c %%d {e} \"f\" <g>\nsection h"
    let text = PostmortemMarkdown(Postmortem(try story(title).file())).text
    let chart = try #require(text.components(separatedBy: "```mermaid\n").last?.components(separatedBy: "\n```").first)
    #expect(chart.contains("    1 click me a b c d e f g u 0A section h :done, 2031-05-14T03:13:54, 5s"))
    #expect(chart.contains("    2 Lock the door :crit, "))
    for line in chart.components(separatedBy: "\n").dropFirst(4) {
      #expect(line.filter { $0 == ":" }.count <= 3 + (line.hasPrefix("  acc") ? 1 : 0))
      #expect(!line.contains(";") && !line.contains("#") && !line.contains("%%"))
    }
  }

  @Test("a chart of more than forty steps says what it leaves out")
  func longChart() throws {
    var story = Story()
    story.open()
    story.add(Story.start("long"), run: 1)
    for number in 1...45 {
      let step = StepID("step-\(number)")
      story.intend(step, "Step", [])
      story.wait(10)
      story.end(step, .done, .unverified, "no check")
    }
    let text = PostmortemMarkdown(Postmortem(try story.file([]))).text
    #expect(text.contains("Only the first 40 of 45 bars are drawn."))
  }
}
