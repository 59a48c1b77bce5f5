import Foundation
import IncidentModel
import Reporting
import Testing

@Suite("What everybody may know")
struct PublicReportTests {
  private func forms(_ report: PublicReport) throws -> [String] {
    let markdown = PublicMarkdown(report).text
    let template = try ReportTemplate(
      "{{title}}{{severity}}{{#moments}}{{at_text}} {{kind}}{{/moments}}{{{markdown.summary}}}{{{markdown.impact}}}",
      file: "t")
    return [
      markdown, ReportPage(markdown: markdown).text, try report.json(), report.csv,
      try template.text(TemplateContext(report)),
    ]
  }

  @Test("Nothing that anybody typed or named, and nothing that a program printed, stands in any form")
  func nothingTyped() throws {
    let canary = "kanarienvogel"
    let postmortem = Postmortem(try HostileTextTests().file(canary))
    #expect(PostmortemMarkdown(postmortem).text.components(separatedBy: canary).count > 20)
    let story = Postmortem(try Story.worstNight(title: canary).file())
    for report in [PublicReport(postmortem), PublicReport(story)] {
      for form in try forms(report) {
        let words = [
          canary, "dana", "lee", "ana", "ops1", "4121", "shop", "till", "lockctl", "INC-", "RUN-", "production",
          "database",
          "chat", "neighbours", "UPDATE", "+44", "locks", postmortem.head.hash, "abab",
        ]
        for word in words { #expect(!form.contains(word), "\(word) in \(form.prefix(3000))") }
      }
    }
  }

  @Test("It tells when, how bad, how long and how many, to the minute")
  func whatIsTold() throws {
    var story = Story.worstNight()
    story.add(.milestoneReached(MilestoneMark(.started, reached: Story.begin - .seconds(119), source: "dana")))
    story.add(.milestoneReached(MilestoneMark(.mitigated, reached: Story.begin + .seconds(95), source: "dana")))
    let report = PublicReport(Postmortem(try story.file()))
    #expect(report.severity == .p1 && report.status == .mitigated && !report.drill)
    #expect(report.minutesToMitigate == 2 && report.minutesOfImpact == 4 && report.minutesToResolve == nil)
    #expect(report.updatesSent == 1 && report.improvementsOpen == 2 && report.targetsMet == 1)
    #expect(report.moments.allSatisfy { $0.at.milliseconds.isMultiple(of: 60_000) })
    let text = PublicMarkdown(report).text
    #expect(text.contains("On 2031-05-14 03:13 UTC we noticed a problem of severity P1"))
    #expect(text.contains("| 2031-05-14 03:11 UTC | The problem began (estimated) |"))
    #expect(text.contains("Its effects were stopped 2 minutes after we noticed it."))
    #expect(text.contains("| 2031-05-14 03:14 UTC | Classified as P1 |"))
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }
    #expect(
      headings == ["# Incident report", "## Summary", "## What happened", "## Impact", "## What we are doing"])
  }

  @Test("A title is told when it is given, as words")
  func title() throws {
    let postmortem = Postmortem(try Story.badNight().file())
    let text = PublicMarkdown(PublicReport(postmortem, title: "Trading | <b>paused</b>")).text
    #expect(text.hasPrefix("# Incident report: Trading \\| &lt;b&gt;paused&lt;/b&gt;\n"))
  }

  @Test("A drill is told as an exercise, and an incident that goes on as one that is not over")
  func drill() throws {
    var story = Story()
    story.open(drill: true)
    let text = PublicMarkdown(PublicReport(Postmortem(try story.file()))).text
    #expect(text.hasPrefix("# Exercise\n") && text.contains("This was an exercise: nobody was affected."))
    #expect(text.contains("It is not over yet."))
  }
}
