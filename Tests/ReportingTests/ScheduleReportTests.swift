import Foundation
import IncidentModel
import Playbooks
import Reporting
import Testing

@Suite struct ScheduleReportTests {
  private func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

  private func playbook(_ top: String) throws -> ScheduledPlaybook {
    let text = "format: 1\nid: task\nname: Task\n\(top)\nsteps: [{id: one, wait: {for: 1s}}]\n"
    let playbook = try #require(PlaybookLoader(library: nil).load(text: text, file: "task.yaml").playbook)
    return ScheduledPlaybook(playbook, written: try moment("2030-01-01T00:00:00Z"))
  }

  /// What is said of the only duty, when the playbook's run ended then.
  private func duty(
    _ top: String, done end: String, at now: String, phase: RunPhase = .done, drill: Bool = false
  ) throws -> [String: Any] {
    var story = Story()
    story.wait((try moment(end) - Story.begin).wholeMilliseconds)
    story.add(Story.start("task", drill: drill), run: 1, inIncident: false)
    story.add(.runFinished(RunEnd(phase: phase, reason: nil)), run: 1, inIncident: false)
    let report = ScheduleReport(
      Register(story.entries), playbooks: [try playbook(top)], environment: "production", now: try moment(now))
    let items = try #require(try object(try report.json())["items"] as? [[String: Any]])
    try #require(items.count == 1)
    return items[0]
  }

  @Test(
    "a month after the last day of a long month is the last day of a short one; weeks and hours are counted",
    arguments: [
      ("schedule: monthly", "2031-01-31T08:00:00.000Z", "2031-02-28T08:00:00.000Z"),
      ("schedule: monthly", "2032-01-31T08:00:00.000Z", "2032-02-29T08:00:00.000Z"),
      ("schedule: monthly", "2031-12-15T08:00:00.000Z", "2032-01-15T08:00:00.000Z"),
      ("schedule: weekly", "2031-02-26T08:00:00.000Z", "2031-03-05T08:00:00.000Z"),
      ("schedule: daily", "2031-12-31T08:00:00.000Z", "2032-01-01T08:00:00.000Z"),
      ("schedule: {every: 36h}", "2031-05-14T08:00:00.000Z", "2031-05-15T20:00:00.000Z"),
    ])
  func next(schedule: String, end: String, due: String) throws {
    let item = try duty(schedule, done: end, at: due)
    #expect(item["due"] as? String == due)
    // At that very moment it is not late yet, a second later it is.
    #expect(item["is_late"] as? Bool == false)
    let later = try duty(schedule, done: end, at: (try moment(due) + .seconds(1)).description)
    #expect(later["is_late"] as? Bool == true)
    #expect(later["late_milliseconds"] as? Int == 1000)
  }

  @Test(
    "a run that failed, was stopped, or was a drill leaves the task undone",
    arguments: [RunPhase.failed, .stopped, .cancelled])
  func undone(phase: RunPhase) throws {
    let end = "2031-05-14T08:00:00.000Z"
    #expect(try duty("schedule: daily", done: end, at: end, phase: phase)["is_late"] as? Bool == true)
    #expect(try duty("schedule: daily", done: end, at: end, drill: true)["is_late"] as? Bool == true)
    #expect(try duty("schedule: daily", done: end, at: end)["is_late"] as? Bool == false)
  }

  @Test("a failed drill does not count as one")
  func failedDrill() throws {
    let (top, end) = ("drill: {every: 10d}", "2031-05-14T08:00:00.000Z")
    #expect(try duty(top, done: end, at: end, phase: .failed, drill: true)["is_late"] as? Bool == true)
    let done = try duty(top, done: end, at: end, drill: true)
    #expect(done["due"] as? String == "2031-05-24T08:00:00.000Z")
    #expect(done["command"] as? String == "andon run task --drill")
  }
}
