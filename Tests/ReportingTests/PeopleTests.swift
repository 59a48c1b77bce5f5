import Engine
import IncidentModel
import Reporting
import Testing

/// What people do in an incident, as each report tells it.
@Suite struct PeopleTests {
  private func late(_ seconds: Int) -> TextOptions { TextOptions(width: 100, now: Story.begin + .seconds(seconds)) }

  @Test("show INC tells roles, each severity with who and why, who was called, and follow-ups with owner and due")
  func incident() throws {
    let report = IncidentReport(try Story.worstNight().file())
    let text = report.text(late(600))
    #expect(text.hasPrefix("INC-1  P1  OPEN\n  Somebody is in the till, and in the safe\n  *** PRODUCTION ***"))
    #expect(text.contains("P1 since 03:14:10 by dana@ops1: only the till"))
    #expect(text.contains("Roles:\n  lead            lee\n  scribe          nobody"))
    #expect(text.contains("Called:\n  03:14:10  NOT reached  Technical Lead (+44 20 0000): asleep  by dana@ops1"))
    #expect(text.contains("1  due 2031-05-14 04:13, in 50 min  ana            Change the locks"))
    #expect(text.contains("2  open                             nobody has it  Count the money"))
    let json = try object(try report.json())
    #expect((json["role_history"] as? [[String: Any]])?.first?["person"] as? String == "lee")
    #expect((json["escalations"] as? [[String: Any]])?.first?["outcome"] as? String == "not_reached")
    let incident = try #require(json["incident"] as? [String: Any])
    #expect((incident["roles"] as? [String: String]) == ["lead": "lee"])
    #expect((incident["follow_ups"] as? [[String: Any]])?.map { $0["owner"] as? String } == ["ana", ""])
  }

  @Test("a follow-up that is not done in time is LATE; one that is done is not")
  func lateFollowUp() throws {
    var story = Story.worstNight()
    #expect(IncidentReport(try story.file()).text(late(3600 + 7200)).contains("LATE by 2 h (due 2031-05-14 04:13)"))
    let done = FollowUp(
      number: 1, title: "Change the locks", owner: "ana", due: Story.begin + .seconds(3600), status: .done, why: "new")
    story.add(.followUpRecorded(done))
    let text = IncidentReport(try story.file()).text(late(3600 + 7200))
    #expect(!text.contains("LATE"))
    #expect(text.contains("1  done  ana            Change the locks (new)"))
  }

  @Test("the postmortem names responders, roles, who was called, and the follow-ups instead of empty rows")
  func postmortem() throws {
    let text = PostmortemMarkdown(Postmortem(try Story.worstNight().file())).text
    #expect(text.contains("| lee@ops2 | – |"))
    #expect(text.contains("| lead | lee | dana@ops1 | dana drives |"))
    #expect(text.contains("| Technical Lead | +44 20 0000 | **NOT reached** | dana@ops1 | asleep |"))
    #expect(text.contains("| 1 | Change the locks | ana | 2031-05-14 04:13:10 | open | – |"))
    #expect(text.contains("| 2 | Count the money | **nobody** | – | open | – |"))
    #expect(!text.contains("| Look at the bolt. | process |"))
    #expect(text.contains("<!-- andon:begin action-items "))
  }

  @Test("the postmortem tells what was answered, ticked and why, and what was rolled back and handed over")
  func steps() throws {
    let text = PostmortemMarkdown(Postmortem(try Story.worstNight().file())).text
    #expect(text.contains("Answered by lee@ops2 at 03:14:15:"))
    #expect(text.contains("true\n[ ] the left one\n[x] the right one\nwhy: both were at home\nSHA-256 cccc"))
    #expect(text.contains("| 1 | Close the till | rolled back | taken back by open-till |"))
    #expect(text.contains("**Rolled back** by open-till at 03:14:15"))
    #expect(text.contains("handed over to lee by dana@ops1 03:14:10: dana goes home; taken up by lee@ops2 03:14:15"))
    #expect(text.contains("**rolled\\_back** Close the till") || text.contains("**rolled_back** Close the till"))
  }

  @Test("a step that was taken back no longer stands under what is true, nor under what is not known")
  func rolledBack() throws {
    let before = Postmortem(try Story.badNight().file()).truth
    #expect(before.verified.map(\.step) == ["close-till"] && before.rolledBack.isEmpty)
    let truth = Postmortem(try Story.worstNight().file()).truth
    #expect(truth.verified.isEmpty)
    #expect(truth.rolledBack.map(\.step) == ["close-till"])
    #expect(!truth.notKnown.map(\.step).contains("close-till"))
    let text = try RunReport(RunID(number: 1), in: try Story.worstNight().file()).text()
    #expect(!text.contains("Still true:"))
    #expect(text.contains("Rolled back:\n  Close the till  taken back by open-till"))
    #expect(text.contains("1 rolled back"))
  }

  @Test("a step that is run again after it was taken back is told as what it is now")
  func doneAgain() throws {
    var story = Story.worstNight()
    story.add(.stepChosen(StepChoice(.retry)), run: 1, step: "close-till")
    story.closeTill()
    let truth = Postmortem(try story.file()).truth
    #expect(truth.verified.map(\.step) == ["close-till"] && truth.rolledBack.isEmpty)
  }

  @Test("a run that was cancelled says by whom and why")
  func cancelled() throws {
    var story = Story.badNight()
    story.actor = "ana@ops1"
    story.add(.cancellationAsked(RunCancellation(now: true, why: "wrong shop")), run: 1)
    story.add(.runFinished(RunEnd(phase: .cancelled, reason: "wrong shop")), run: 1)
    let report = try RunReport(RunID(number: 1), in: try story.file())
    #expect(report.text().contains("CANCELLED"))
    #expect(report.text().contains("cancellation asked by ana@ops1 03:14:00, at once: wrong shop"))
    #expect(report.exitCode == 2)
    let json = try object(try report.json())
    #expect((json["cancellation"] as? [String: Any])?["by"] as? String == "ana@ops1")
    #expect((json["handovers"] as? [Any])?.isEmpty == true)
  }

  @Test("the samples of a watch stand in a small table, the missed ones marked, those before a retry left out")
  func samples() throws {
    var story = Story.badNight()
    func sample(_ number: Int, _ reading: String, missed: Bool = false) -> Fact {
      .stepSampled(
        StepSample(
          number: number, watchedMilliseconds: Int64(number) * 60_000, value: nil, reading: reading, missed: missed))
    }
    story.add(sample(1, "from before"), run: 1, step: "lock-door")
    story.add(.stepChosen(StepChoice(.retry)), run: 1, step: "lock-door")
    for number in 1...4 { story.add(sample(number, "closed \(number)"), run: 1, step: "lock-door") }
    story.add(sample(5, "no answer", missed: true), run: 1, step: "lock-door")
    let report = try RunReport(RunID(number: 1), in: try story.file())
    #expect(report.text().contains("5 samples, 1 MISSED; the last 3:"))
    let step = try report.step("lock-door")
    #expect(step.text().contains("5 samples, 1 MISSED:\n  1  "))
    #expect(step.text().contains("05:00  MISSED: no answer"))
    #expect(!step.text().contains("from before"))
    let json = try #require(try object(try step.json())["step"] as? [String: Any])
    #expect((json["samples"] as? [[String: Any]])?.count == 5)
    #expect(
      PostmortemMarkdown(Postmortem(try story.file())).text.contains("| 5 | 03:14:00 | 05:00 | MISSED: no answer |"))
  }

  @Test("a title that was changed is the title in every list")
  func edited() throws {
    let register = Register(Story.worstNight().entries)
    #expect(HistoryReport(register).text().contains("Somebody is in the til"))
    #expect(register.incidents.first?.title == "Somebody is in the till, and in the safe")
  }
}
