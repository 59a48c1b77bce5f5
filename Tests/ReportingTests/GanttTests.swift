import Foundation
import IncidentModel
import Reporting
import Testing

/// The chart of a report, in the part of Mermaid's language that GitHub and GitLab draw.
@Suite struct GanttTests {
  private func chart(_ story: Story) throws -> [String] {
    let text = PostmortemMarkdown(Postmortem(try story.file())).text
    let chart = try #require(text.components(separatedBy: "```mermaid\n").dropFirst().first)
    return chart.components(separatedBy: "\n```")[0].split(separator: "\n").map(String.init)
  }

  /// Moves the beginning of the story to this many milliseconds after its usual one.
  private func story(at shift: Int64) -> Story {
    var story = Story()
    story.wallShift = shift
    story.open()
    story.add(Story.start(), run: 1)
    story.closeTill(took: 90_000)
    return story
  }

  @Test("an incident over midnight, and over the end of a year, has bars that go on, and dates on its axis")
  func midnight() throws {
    // 03:13:54 to 23:59:00 of that day.
    let midnight = try chart(story(at: 74_706_000))
    #expect(midnight.contains("  axisFormat %m-%d %H:%M"))
    #expect(midnight.contains("    1 Close the till :done, 2031-05-14T23:59:00, 90s"))
    // From 14 May to 31 December are 231 days.
    let newYear = try chart(story(at: 74_706_000 + 231 * 86_400_000))
    #expect(newYear.contains("    1 Close the till :done, 2031-12-31T23:59:00, 90s"))
    #expect(try chart(story(at: 0)).contains("  axisFormat %H:%M:%S"))
  }

  @Test("a clock that is set back by an hour, or forward, while a step runs gives it the length that passed")
  func jumps() throws {
    for jump: Int64 in [-3_600_000, 3_600_000] {
      var story = Story()
      story.open()
      story.add(Story.start(), run: 1)
      story.intend("close-till", "Close the till", ["UPDATE"])
      story.wallShift = jump
      story.wait(4200)
      story.end("close-till", .done, .verified)
      story.intend("lock-door", "Lock the door", ["lockctl"], action: "command")
      story.wait(10)
      story.end("lock-door", .failed, .unverified, "no")
      let bars = try chart(story).filter { $0.contains(", 2031-") }
      #expect(bars.first == "    1 Close the till :done, 2031-05-14T03:13:54, 5s")
      #expect(bars.dropFirst().first?.hasSuffix(", 1s") == true, "\(bars)")
      #expect(!bars.contains { $0.contains(", -") })
      let report = Postmortem(try story.file())
      #expect(report.changes.map(\.step) == ["close-till"])
      #expect(report.severitySpans.compactMap(\.milliseconds) == [48_210])
    }
  }

  @Test("a chart is told to those who cannot see it, and marks the limits of targets")
  func description() throws {
    let lines = try chart(story(at: 0))
    #expect(lines.contains { $0.hasPrefix("  accTitle: Steps of INC-1") })
    #expect(lines.contains { $0.hasPrefix("  accDescr: ") && !$0.contains(";") && !$0.contains("#") })
    #expect(lines.contains("    0 limit of contain :milestone, 2031-05-14T03:18:10, 0s"))
    #expect(lines.contains("  section Contain"))
  }
}
