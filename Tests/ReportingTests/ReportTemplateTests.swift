import Foundation
import IncidentModel
import Reporting
import TestSupport
import Testing

@Suite("Templates for reports")
struct ReportTemplateTests {
  private func fill(_ template: String, _ story: Story = .worstNight()) throws -> String {
    try ReportTemplate(template, file: "house.md").text(TemplateContext(Postmortem(try story.file())))
  }

  private func problem(_ template: String, _ story: Story = .worstNight()) -> Problem? {
    do { _ = try fill(template, story) } catch { return error as? Problem }
    return nil
  }

  @Test("Values, lists, conditions and moments are filled in, the same every time")
  func filling() throws {
    let template = """
      # {{incident.id}}: {{incident.title}}
      {{#drill}}never{{/drill}}{{^incident.drill}}real{{/incident.drill}}, {{incident.severity}}
      {{#metrics}}
      {{name}}={{milliseconds_text}}{{#missing}} ({{missing}}){{/missing}}
      {{/metrics}}
      {{#targets}}{{name}}{{^last()}}, {{/last()}}{{/targets}}
      {{#incident.roles}}{{name}}: {{value}}{{/incident.roles}}
      {{count(timeline)}} rows, {{incident.opened_text}}, {{uppercased(incident.status)}}
      """.replacing("{{#drill}}never{{/drill}}", with: "")
    let text = try fill(template)
    #expect(
      text == """
        # INC-1: Somebody is in the till, and in the safe
        real, P1
        TTD= ('started' not recorded)
        TTA=44.0 s
        TTM= ('mitigated' not recorded)
        TTR= ('resolved' not recorded)
        impact time= ('started' and 'mitigated' not recorded)
        contain, notify
        lead: lee
        \(Postmortem(try Story.worstNight().file()).timeline.count) rows, 2031-05-14 03:13:10, OPEN

        """)
    for _ in 0..<3 { #expect(try fill(template) == text) }
  }

  @Test("What is recorded is words in two braces; the parts of the report are ready in three")
  func escaping() throws {
    for hostile in HostileTexts.all {
      var story = Story()
      story.open(title: hostile)
      let text = try fill("a {{incident.title}} b\n\nend", story)
      #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 4, "\(hostile.debugDescription)")
      let page = ReportPage(markdown: text).text
      let body = page.components(separatedBy: "<main>\n").last?.components(separatedBy: "\n</main>").first ?? ""
      #expect(body.hasPrefix("<p>a ") && body.hasSuffix(" b</p>\n<p>end</p>"), "\(hostile.debugDescription): \(body)")
      #expect(!body.dropFirst(3).contains("<p><") && !body.contains("<em>") && !body.contains("<a "), "\(body)")
    }
    let part = try fill("{{{markdown.metrics}}}")
    #expect(part.hasPrefix("| Figure | Value |") && part.contains("| **TTA** | 44.0 s |"))
  }

  @Test("A template inside of what was recorded is not filled in")
  func noSecondPass() throws {
    var story = Story()
    story.open(title: "{{incident.id}} {{{head.hash}}}")
    #expect(try fill("{{incident.title}}", story) == "{{incident.id}} {{{head.hash}}}\n")
  }

  @Test(
    "A name that is not there is refused with its line and the one that was meant, also where there is nothing to show",
    arguments: [
      ("a\n{{incidnt.id}}", 2, "incident"), ("{{incident.titel}}", 1, "title"),
      ("\n\n{{#drills}}{{#steps}}\n{{titl}}{{/steps}}{{/drills}}", 4, "title"),
      ("{{#runs}}{{#cancellation}}{{whi}}{{/cancellation}}{{/runs}}", 1, "why"),
      ("{{^messages}}\n{{#timelin}}x{{/timelin}}{{/messages}}", 2, "timeline"),
    ])
  func unknownName(template: String, line: Int, meant: String) throws {
    let found = try #require(problem(template))
    #expect(found.message.hasPrefix("house.md:\(line): nothing is called"), "\(found.message)")
    #expect(found.advice?.contains("'\(meant)'") == true, "\(found.advice ?? "")")
  }

  @Test(
    "What is no template of a report is refused with its line",
    arguments: [
      ("a\n\n{{#runs}}", 3), ("{{#runs}}\n{{/metrics}}", 2), ("a\n{{incident.id", 2), ("a\n{{in cident}}", 2),
      ("\n{{>other}}", 2), ("{{=<% %>=}}", 1), ("\n\n{{% CONTENT_TYPE:TEXT}}", 3), ("{{timeline}}", 1),
      ("\n{{incident}}", 2), ("{{markdown.summary}}", 1), ("{{reversed(summary)}}", 1), ("{{count(summary)}}", 1),
      ("{{first(timeline)}}", 1), ("{{.id}}", 1),
    ])
  func refused(template: String, line: Int) throws {
    let found = try #require(problem(template))
    #expect(found.message.hasPrefix("house.md:\(line): "), "\(found.message)")
    #expect(found.advice != nil || found.message.contains("not a name"), "\(found.message)")
  }

  /// Every place of a JSON text, as `TemplateNames` would have it.
  private func places(_ value: Any, _ place: String) -> Set<String> {
    if let members = value as? [String: Any] {
      return members.reduce(into: []) { $0.formUnion(places($1.value, place.isEmpty ? $1.key : "\(place).\($1.key)")) }
    }
    if let items = value as? [Any] {
      return items.isEmpty ? [place] : items.reduce(into: []) { $0.formUnion(places($1, "\(place)[]")) }
    }
    return [place]
  }

  @Test("Every key of a report's JSON is among the documented names")
  func everyKey() throws {
    var drill = Story()
    drill.open(drill: true)
    drill.add(Story.start(drill: true), run: 1)
    drill.closeTill()
    var cancelled = Story.worstNight()
    cancelled.add(.cancellationAsked(RunCancellation(now: true, why: "enough")), run: 1)
    let names = TemplateNames.report.split(separator: "\n").flatMap { line -> [String] in
      let words = line.split(separator: " ")
      let place = words[0] == "." ? "" : "\(words[0])."
      return words.dropFirst().map { place + $0.replacing(/[#?@~]$/, with: "") }
    }
    let free = names.filter { $0.hasSuffix("{}") }.map { $0.dropLast(2) + "." }
    for story in [drill, cancelled] {
      let json = try Postmortem(try story.file()).json()
      let found = places(try object(json), "")
      let missing = found.filter { place in
        // An empty list or an absent object tells nothing of what would be in it.
        !names.contains {
          $0 == place || $0.hasPrefix("\(place).") || $0.hasPrefix("\(place)[]") || $0 + "[]" == place
            || place.hasPrefix("\($0)[].") && $0.hasSuffix("answer") || "\(place){}" == $0
        }
          && !free.contains { place.hasPrefix($0) }
      }
      #expect(missing.isEmpty, "add to TemplateNames and docs/postmortem-templates.md: \(missing.sorted())")
      for block in PostmortemMarkdown(Postmortem(try story.file())).blocks {
        let name = "markdown." + block.name.replacing("-", with: "_")
        #expect(names.contains(name), "add to TemplateNames and docs/postmortem-templates.md: \(name)")
      }
    }
  }

  @Test("The lists of names in the documentation are those that hold")
  func documented() throws {
    let page = try String(contentsOfFile: Repository.file("docs/postmortem-templates.md"), encoding: .utf8)
    #expect(page.contains("```text\n\(TemplateNames.report)\n```"))
    #expect(page.contains("```text\n\(TemplateNames.publicReport)\n```"))
  }

  @Test("The template that the documentation shows can be filled")
  func example() throws {
    let page = try String(contentsOfFile: Repository.file("docs/postmortem-templates.md"), encoding: .utf8)
    let templates = page.components(separatedBy: "```mustache\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(templates.count >= 2)
    let report = Postmortem(try Story.worstNight().file())
    #expect(try ReportTemplate(templates[0], file: "docs").text(TemplateContext(report)).contains("INC-1"))
    #expect(try ReportTemplate(templates[1], file: "docs").text(TemplateContext(PublicReport(report))).contains("P1"))
  }
}
