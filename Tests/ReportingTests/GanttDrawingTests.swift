import Foundation
import IncidentModel
import Reporting
import Testing

@Suite("The bars of a page")
struct GanttDrawingTests {
  private func page(_ chart: String) -> String { ReportPage(markdown: "```mermaid\n\(chart)\n```").text }

  private func drawing(_ chart: String) throws -> String {
    try #require(page(chart).components(separatedBy: "<svg").last?.components(separatedBy: "</svg>").first)
  }

  private static let three = """
    gantt
      title Steps of INC-1
      accTitle: Steps of INC-1 in time
      accDescr: One bar for each step.
      dateFormat YYYY-MM-DDTHH:mm:ss
      axisFormat %H:%M:%S
      section Contain
        1 Close the till :done, 2031-12-31T23:59:50, 5s
        2 Lock the door :crit, 2031-12-31T23:59:55, 20s
      section Tell
        3 Call :active, 2032-01-01T00:00:10, 1s
        0 limit of contain :milestone, 2032-01-01T00:00:05, 0s
    """

  @Test("A report draws a bar for each bar of its chart, with the words of the chart, and the same as a table")
  func agrees() throws {
    let markdown = PostmortemMarkdown(Postmortem(try Story.badNight().file())).text
    let chart = try #require(
      markdown.components(separatedBy: "```mermaid\n").last?.components(separatedBy: "\n```").first)
    let bars = chart.split(separator: "\n").filter { $0.contains(" :") && $0.contains("s") && $0.hasSuffix("s") }
    let html = ReportPage(markdown: markdown).text
    let drawing = try #require(html.components(separatedBy: "<svg").last?.components(separatedBy: "</svg>").first)
    #expect(bars.count >= 3)
    #expect(drawing.components(separatedBy: "<g>").count - 1 == bars.count)
    for bar in bars {
      let label = try #require(bar.components(separatedBy: " :").first).trimmingCharacters(in: .whitespaces)
      #expect(drawing.contains(">\(label)<"), "\(label)")
      #expect(html.contains("<td>\(label)</td>"), "\(label)")
    }
    #expect(!html.contains("gantt"))
  }

  @Test("It has a name and a description for those who cannot see it, and says each state in words")
  func accessible() throws {
    let svg = try drawing(Self.three)
    #expect(svg.contains("role=\"img\" aria-labelledby=\"chart1-title chart1-text\""))
    #expect(svg.contains("<title id=\"chart1-title\">Steps of INC-1 in time</title>"))
    #expect(svg.contains("<desc id=\"chart1-text\">One bar for each step.</desc>"))
    #expect(
      svg.contains("00:05 done") && svg.contains("00:20 FAILED or not known") && svg.contains("running or waiting"))
    #expect(page(Self.three).contains("<td>2032-01-01 00:00:10</td>"), "across the new year")
  }

  @Test("No bar is narrower than one can see, none leaves the drawing, and none runs backwards")
  func measures() throws {
    let wide = "gantt\n  1 a :done, 2031-05-14T03:00:00, 1s\n  2 b :crit, 2033-05-14T03:00:00, 0s"
    for chart in [Self.three, wide] {
      let svg = try drawing(chart)
      let bars = svg.matches(of: /<rect class="(good|bad|open|plain)" x="([0-9.-]+)" y="[0-9.]+" width="([0-9.-]+)"/)
      #expect(!bars.isEmpty)
      for bar in bars {
        let (x, width) = (try #require(Double(bar.2)), try #require(Double(bar.3)))
        #expect(width >= 2 && x >= 300 && x + width <= 775, "\(bar.0)")
      }
    }
  }

  @Test(
    "What is no chart of ours stays as the code that it is",
    arguments: [
      "graph TD\n  a --> b", "gantt", "gantt\n  section x", "gantt\n  1 a :done, tomorrow, 5s",
      "gantt\n  1 a :done, 2031-05-14T03:00:00, -5s", "gantt\n  1 a :done, after b, 5s",
      "gantt\n  click 1 href \"https://evil.example.com\"\n  1 a :done, 2031-05-14T03:00:00, 5s",
    ])
  func other(chart: String) {
    let html = page(chart)
    #expect(!html.contains("<svg") && html.contains("<code>\(chart.prefix(5))"))
  }

  @Test("More than forty steps are no chart")
  func forty() {
    func chart(_ count: Int) -> String {
      "gantt\n" + (1...count).map { "  \($0) a :done, 2031-05-14T03:00:00, 5s" }.joined(separator: "\n")
    }
    #expect(page(chart(40)).contains("<svg"))
    #expect(!page(chart(41)).contains("<svg"))
  }
}
