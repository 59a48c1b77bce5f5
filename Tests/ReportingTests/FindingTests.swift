import IncidentModel
import Playbooks
import Reporting
import Testing

@Suite struct FindingTests {
  private func begun() -> Story {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    return story
  }

  private func findings(_ story: Story) throws -> [Finding] { Postmortem(try story.file()).findings }

  @Test("a step that a person skipped is a problem of the runbook, with the reason; one that was not due is none")
  func skipped() throws {
    var story = begun()
    let byPerson = StepSkip(title: "Lock the door", reason: "no key", cause: .person)
    story.add(.stepSkipped(byPerson), run: 1, step: "lock-door")
    let byCondition = StepSkip(title: "Close the till", reason: "params.till is false", cause: .condition)
    story.add(.stepSkipped(byCondition), run: 1, step: "close-till")
    #expect(try findings(story).map { [$0.kind.rawValue, $0.step, $0.what] } == [["skipped", "lock-door", "no key"]])
  }

  @Test("a change that nothing proves is a problem: without a check, and with a check that cannot tell")
  func unverified() throws {
    var story = begun()
    story.intend("close-till", "Close the till", ["UPDATE"])
    story.end("close-till", .done, .unverified, "no check")
    story.intend("lock-door", "Lock the door", ["lockctl close front"], action: "command")
    story.add(
      .stepChecked(
        StepCheck(
          verification: .unverified, check: ["x", "until y"], reading: "?", failure: nil, readings: 1,
          milliseconds: 1)), run: 1, step: "lock-door", attempt: 1)
    story.end("lock-door", .done, .unverified, "the reading says neither yes nor no")
    let found = try findings(story)
    #expect(found.map(\.kind) == [.unverified, .unverified])
    #expect(found[0].suggestion.contains("Give 'close-till' a check"))
    #expect(found[1].suggestion.contains("Sharpen the check of 'lock-door'"))
    #expect(Postmortem(try story.file()).truth.verified.isEmpty)
  }

  @Test("an outcome that is not known stays not known until a check decides")
  func unknown() throws {
    var story = begun()
    story.intend("lock-door", "Lock the door", ["lockctl close front"], action: "command")
    story.end("lock-door", .unknown, .unverified, "timed_out: no answer")
    let postmortem = Postmortem(try story.file())
    #expect(postmortem.findings.map(\.kind) == [.unknown])
    #expect(postmortem.truth.notKnown.map(\.word) == ["UNKNOWN"])
    #expect(postmortem.followUps.contains { $0.command == "andon show RUN-1 --step 2" })
  }

  @Test("a run that went on over a skipped step says so in its first line, and exits 3")
  func degraded() throws {
    var story = begun()
    story.closeTill()
    let skip = StepSkip(title: "Lock the door", reason: "no key", cause: .person)
    story.add(.stepSkipped(skip), run: 1, step: "lock-door")
    story.add(.runFinished(RunEnd(phase: .done)), run: 1)
    let report = try RunReport(RunID(number: 1), in: try story.file())
    #expect(report.exitCode == 3)
    let first = try #require(report.text().split(separator: "\n").first)
    #expect(first == "RUN-1 stop-shop  FINISHED WITH 1 SKIPPED  03:13:54 to 03:13:58 (4.2 s)  exit 3")
    #expect(report.text().contains("4  not run  Tell the neighbours"))
  }

  @Test("a handler that was not called for is not listed; one that ran is")
  func handlers() throws {
    let text =
      Story.playbookText + """

        handlers:
          failure:
            - {id: ring-bell, name: Ring the bell, wait: {for: 1s}}
          success:
            - {id: sing, name: Sing, wait: {for: 1s}}
        """
    let playbook = try #require(PlaybookLoader(library: nil).load(text: text, file: "stop-shop.yaml").playbook)
    var story = begun()
    story.failDoor()
    story.intend("ring-bell", "Ring the bell", [], action: "wait")
    story.end("ring-bell", .done, .unverified, "no check")
    story.add(.runFinished(RunEnd(phase: .failed, reason: "step 'lock-door' failed")), run: 1)
    let lines = Postmortem(try story.file([playbook])).runs[0].steps.map(\.step)
    #expect(lines.map(\.id) == ["close-till", "lock-door", "tell-chat", "tell-neighbours", "ring-bell"])
    #expect(lines.last?.section == "After failure")
  }

  @Test("a run outside any incident can be shown too")
  func noIncident() throws {
    var story = Story()
    story.add(Story.start(), run: 1, inIncident: false)
    let account = try RunAccount(RunID(number: 1), entries: story.entries, playbook: try Story.playbook())
    let text = RunReport(account).text()
    #expect(text.contains("no incident; clocks count from 03:13:10"))
    #expect(!text.contains("postmortem"))
  }
}
