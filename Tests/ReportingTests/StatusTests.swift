import IncidentModel
import Reporting
import Testing

@Suite struct StatusTests {
  private func report(
    _ story: Story, after seconds: Int = 600, interrupted: Bool = false, reports: ReportDuty = .none
  ) throws -> StatusReport {
    let file = try story.file()
    let register = Register(file.entries)
    let open = register.runs.filter { !$0.state.isOver }.map { line in
      var line = line
      line.interrupted = interrupted
      return (line: line, account: file.runs.first { $0.id == line.id })
    }
    return StatusReport(register, openRuns: open, now: Story.begin + .seconds(seconds), reports: reports)
  }

  private func begun() -> Story {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    return story
  }

  @Test("a run that a living process drives is watched; one whose process is gone is resumed")
  func driven() throws {
    let driven = try report(begun()).text()
    #expect(driven.contains("andon watch RUN-1     process 4121 on ops1 drives it"))
    #expect(!driven.contains("andon resume"))
    let gone = try report(begun(), interrupted: true).text()
    #expect(gone.contains("RUN-1  interrupted"))
    #expect(gone.contains("andon resume RUN-1    interrupted: process 4121 is gone"))
    #expect(!gone.contains("andon watch"))
  }

  @Test("a run that was handed over says to whom, until they take it up")
  func handedOver() throws {
    var story = Story.badNight()
    story.add(.runHandedOver(RunHandover(person: "lee", why: "dana goes home")), run: 1)
    let text = try report(story).text()
    #expect(text.contains("handed over to lee by dana@ops1 03:14:00: dana goes home; not taken up"))
    #expect(text.contains("andon resume RUN-1    handed over to lee: dana goes home"))
    story.add(.runResumed(RunResumption(owner: RunOwner(host: "ops2", pid: 77, epoch: 2))), run: 1)
    #expect(!(try report(story).text()).contains("handed over"))
  }

  @Test("a run that is to be cancelled says so")
  func cancelling() throws {
    var story = begun()
    story.add(.cancellationAsked(RunCancellation(now: false, why: "wrong shop")), run: 1)
    let text = try report(story).text()
    #expect(text.contains("cancellation asked by dana@ops1 03:13:54: wrong shop"))
    #expect(text.contains("process 4121 on ops1 is cancelling it"))
  }

  @Test("severity, roles and what is due stand with each open incident, and what is late is called LATE")
  func due() throws {
    let duty = ReportDuty {
      $0 == .p1 ? .seconds(86_400) : nil
    } isWritten: { _ in
      false
    }
    let text = try report(.worstNight(), after: 7200, reports: duty).text()
    #expect(text.contains("INC-1  P1  open  *** PRODUCTION ***"))
    #expect(text.contains("lead lee   scribe nobody   communications nobody"))
    #expect(text.contains("follow-up 1  LATE by 1 h (due 2031-05-14 04:13): Change the locks"))
    #expect(text.contains("follow-up 2  open: Count the money (nobody has it)"))
    #expect(text.contains("postmortem   due 2031-05-15 03:13, in 22 h"))
    let json = try object(try report(.worstNight(), after: 7200, reports: duty).json())
    let incident = try #require((json["incidents"] as? [[String: Any]])?.first)
    #expect(incident["late_follow_ups"] as? [Int] == [1])
    #expect(incident["postmortem_due"] as? String == "2031-05-15T03:13:10.000Z")
  }

  @Test("from the first alert to the end, it says what comes next for the incident")
  func next() throws {
    var story = Story()
    story.add(
      .incidentOpened(
        IncidentOpening(title: "Odd noises", severity: .p2, why: "ear", environment: "staging", drill: false)))
    func commands(written: Bool = false) throws -> [String] {
      let duty = ReportDuty(window: { _ in nil }, isWritten: { _ in written })
      let json = try object(try report(story, reports: duty).json())
      return (json["next"] as? [[String: Any]])?.compactMap { $0["command"] as? String } ?? []
    }
    #expect(try commands() == ["andon playbook list", "andon ack INC-1", "andon mitigate INC-1"])
    story.add(.milestoneReached(MilestoneMark(.mitigated, reached: Story.begin, source: "dana")))
    #expect(try commands() == ["andon resolve INC-1"])
    story.add(.milestoneReached(MilestoneMark(.resolved, reached: Story.begin, source: "dana")))
    #expect(try commands() == ["andon postmortem create INC-1", "andon incident close INC-1"])
    #expect(try commands(written: true) == ["andon incident close INC-1"])
    story.add(.milestoneReached(MilestoneMark(.closed, reached: Story.begin, source: "dana")))
    #expect(try commands() == ["andon incident open", "andon pull", "andon playbook list"])
  }
}
