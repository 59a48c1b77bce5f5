import Foundation
import IncidentModel
import Reporting
import Testing

@Suite struct HandoverReportTests {
  private func report(_ story: Story, after seconds: Int, since: Int? = nil, gone: Bool = false) throws
    -> HandoverReport
  {
    HandoverReport(
      try story.file(), now: Story.begin + .seconds(seconds), since: since.map { Story.begin + .seconds($0) },
      isDriven: { _ in !gone })
  }

  @Test("it says how things stand: clocks, what waits for whom, what is true, who is who, and what to type")
  func text() throws {
    let text = try report(.worstNight(), after: 800).text()
    #expect(text.hasPrefix("INC-1  P1  OPEN  "))
    for part in [
      "Somebody is in the till, and in the safe", "lead lee", "P1 since 03:14:10 by dana@ops1: only the till",
      "notify  RUN-1  01:40 left, AT RISK", "FAILED", "Lock the door", "rolled back", "Close the till",
      "From the beginning:", "Change the locks", "andon mitigate INC-1", "acknowledged 03:13:54",
    ] { #expect(text.contains(part), "no '\(part)' in:\n\(text)") }
    #expect(try report(.worstNight(), after: 1000).text().contains("OVERDUE by 01:40"))
    #expect(!(try report(.worstNight(), after: 300).text().contains("AT RISK")))
  }

  @Test(
    "a message that is not sent and a step that waits stand under what is open; so does a run whose process is gone")
  func open() throws {
    var story = Story.badNight()
    #expect(try report(story, after: 100).text().contains("RUN-1  waiting  Tell the neighbours: Call the neighbours"))
    let late = Message(id: "RUN-1/again", connection: "pager", environment: "production", template: "closed", text: "x")
    story.add(.messageQueued(late), run: 1, step: "tell-chat")
    #expect(try report(story, after: 100).text().contains("unsent   message to pager: queued 03:14:00, not sent yet"))
    var begun = Story()
    begun.open()
    begun.add(Story.start(), run: 1)
    #expect(try report(begun, after: 100, gone: true).text().contains("andon resume RUN-1"))
    #expect(try report(begun, after: 100).text().contains("andon watch RUN-1"))
  }

  @Test("with a moment it tells what was recorded since, and nothing from before")
  func since() throws {
    let (early, late) = ("wallet of the thief is known", "dana drives")
    let all = try report(.worstNight(), after: 600).text()
    #expect(all.contains(early) && all.contains(late))
    let recent = try report(.worstNight(), after: 600, since: 55).text()
    #expect(!recent.contains(early) && recent.contains(late))
    #expect(recent.contains("Since 03:14:05, the last 09:05:"))
    #expect(try report(.worstNight(), after: 600, since: 500).text().contains("nothing was recorded."))
  }

  @Test("what came of it long ago is cut to the last lines, and says where the rest is")
  func short() throws {
    var story = Story()
    story.open()
    for number in 1...60 {
      story.wait(1000)
      story.add(.noted(Note(text: "note \(number).", happened: nil, starred: false)))
    }
    let text = try report(story, after: 300).text()
    #expect(text.contains("note 60.") && !text.contains("note 20."))
    #expect(text.contains("earlier: andon timeline show INC-1"))
  }

  @Test("as Markdown and as JSON it says the same", arguments: HostileTextTests.titles.filter { !$0.isEmpty })
  func forms(_ title: String) throws {
    let report = try report(.worstNight(title: title), after: 800)
    let plain = try self.report(.worstNight(title: "harmless"), after: 800)
    func headings(_ text: String) -> [String] {
      text.components(separatedBy: "\n").filter { $0.hasPrefix("## ") || $0.hasPrefix("|") }.map {
        String($0.prefix(3))
      }
    }
    #expect(headings(report.markdown) == headings(plain.markdown))
    #expect(report.markdown == report.markdown.visible(keepingLineBreaks: true))
    #expect(report.text() == report.text().visible(keepingLineBreaks: true))
    let json = try object(try report.json())
    #expect((json["clocks"] as? [[String: Any]])?.contains { $0["at_risk"] as? Bool == true } == true)
    #expect((json["open_follow_ups"] as? [Any])?.count == 2)
    for key in ["now", "since", "incident", "happened", "runs", "truth", "unsent", "next", "head"] {
      #expect(json[key] != nil)
    }
  }
}
