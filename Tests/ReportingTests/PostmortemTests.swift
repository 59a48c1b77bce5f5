import Crypto
import Foundation
import IncidentModel
import Journaling
import Playbooks
import Reporting
import Testing

@Suite struct PostmortemTests {
  private func markdown(_ story: Story) throws -> String {
    PostmortemMarkdown(Postmortem(try story.file())).text
  }

  @Test("the same journal gives the same bytes")
  func sameBytes() throws {
    let entries = Story.badNight()
    #expect(try markdown(entries) == markdown(entries))
    let json = try (0..<5).map { _ in try ReportJSON.text(Postmortem(try entries.file())) }
    #expect(Set(json).count == 1)
  }

  @Test("every section that people look for is there, in order")
  func sections() throws {
    let headings = try markdown(Story.badNight()).split(separator: "\n").filter { $0.hasPrefix("## ") }.map(String.init)
    #expect(
      headings == [
        "## Summary", "## Severity", "## Roles and responders", "## Who was called", "## Metrics", "## Targets",
        "## Impact", "## Background and lead-up", "## Fault", "## Trigger", "## Detection",
        "## Response and recovery", "## Timeline", "## What was done", "## What is true now", "## Communications",
        "## Contributing factors and root causes", "## What went well", "## What went badly",
        "## Where we got lucky", "## Lessons learned", "## Runbook problems found", "## Action items",
        "## Follow-ups", "## Open questions", "## Related and repeat incidents", "## Supporting data",
        "## Appendix: Full timeline", "## Appendix: Commands and output", "## Appendix: How to check this report",
      ])
  }

  @Test("a missed target is said to be missed, by how much, and wherever targets are told of")
  func missedTarget() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.closeTill(took: 300_000)
    story.judge("contain", limit: .seconds(300))
    story.add(.runFinished(RunEnd(phase: .done)), run: 1)
    let text = try markdown(story)
    #expect(text.contains("| contain | RUN-1 | 05:00 | 05:44 | MISSED 05:44, by 00:44 | 9 |"))
    #expect(text.contains("Targets MISSED: contain."))
    #expect(text.contains("Target 'contain' of RUN-1 was MISSED by 00:44"))
    #expect(text.contains("**overdue** target contain"))
    #expect(text.contains("| notify | RUN-1 | 15:00 | – | not reached | – |"))
  }

  @Test("a target missed by half a second is not shown as missed by nothing")
  func narrowMiss() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.closeTill(took: 256_500)
    story.judge("contain", limit: .seconds(300))
    #expect(try markdown(story).contains("MISSED 05:00, by 500 ms"))
  }

  @Test("the report names the number and the hash of its incident's last entry, whatever comes after it")
  func headOfIncident() throws {
    var story = Story.badNight()
    let last = try #require(story.entries.last)
    story.add(Story.start(), run: 7, inIncident: false)
    let text = try markdown(story)
    #expect(text.contains("is number \(last.sequence), and its hash is"))
    #expect(text.contains("```text\n\(last.hash)\n```"))
    #expect(text.contains("andon journal verify --anchor \(last.sequence):\(last.hash)"))
  }

  @Test("what the record does not protect against is said")
  func limits() throws {
    let text = try markdown(Story.badNight())
    #expect(text.contains("The record does not protect against:\n\n- somebody who controls this machine"))
  }

  @Test("every step has its state, its reason, its attempts and its evidence")
  func steps() throws {
    let text = try markdown(Story.badNight())
    #expect(text.contains("| 1 | Close the till | ok | verified | 1 | 4.2 s | 5–8 |"))
    #expect(text.contains("| 2 | Lock the door | **FAILED** | lockctl ended with exit code 1 | 2 | 2.0 s | 9–14 |"))
    #expect(text.contains("| 3 | Tell the chat | done | unverified (no check) |"))
    #expect(text.contains("| 4 | Tell the neighbours | waiting | Call the neighbours |"))
    #expect(text.contains("on database: UPDATE shop SET open = 'no' WHERE id = 1"))
    #expect(text.contains("→ read {\"open\":\"no\"}"))
    #expect(text.contains("lockctl: bolt jammed"))
    #expect(text.contains("| 1 | failed | lockctl ended with exit code 1 |"), "the first attempt stays visible")
  }

  @Test("what is true now lists what a check read, and what is not proved or open apart from it")
  func truth() throws {
    let truth = Postmortem(try Story.badNight().file()).truth
    #expect(truth.verified.map(\.step) == ["close-till"])
    #expect(truth.notKnown.map(\.step) == ["lock-door"])
    #expect(truth.open.map(\.step) == ["tell-neighbours"])
  }

  @Test("a later reading of the same thing replaces an earlier one")
  func laterReading() throws {
    var story = Story.badNight()
    story.add(Story.start("reopen"), run: 2)
    story.intend("open-till", "Open the till", ["UPDATE"], run: 2)
    story.add(
      .stepChecked(
        StepCheck(
          verification: .verified,
          check: ["on database: SELECT open FROM shop WHERE id = 1", "until rows[0].open == \"yes\""],
          reading: #"read {"open":"yes"}"#, failure: nil, readings: 1, milliseconds: 3)),
      run: 2, step: "open-till", attempt: 1)
    story.end("open-till", .done, .verified, run: 2)
    let truth = Postmortem(try story.file()).truth
    #expect(truth.verified.map(\.reading) == [#"read {"open":"yes"}"#])
  }

  @Test("what a run proved is left out once its inverse has run to the end")
  func takenBack() throws {
    var story = Story.badNight()
    story.add(Story.start("open-shop"), run: 2)
    story.add(.runFinished(RunEnd(phase: .done)), run: 2)
    let postmortem = Postmortem(try story.file())
    #expect(postmortem.truth.verified.isEmpty)
    #expect(postmortem.truth.takenBack.map { "\($0.run) by \($0.by)" } == ["RUN-1 by RUN-2"])
    #expect(PostmortemMarkdown(postmortem).text.contains("RUN-1 was taken back by RUN-2"))
    #expect(!postmortem.followUps.contains { $0.command?.contains("andon run open-shop") == true })
  }

  @Test("a figure without one of its ends stays empty and says why; what people said is marked as estimated")
  func metrics() throws {
    var story = Story.badNight()
    let row = "| **TTD** | – | time to detect | started | detected | 'started' not recorded |"
    #expect(try markdown(story).contains(row))
    story.add(
      .milestoneReached(MilestoneMark(.started, reached: Story.begin - .seconds(119), source: "dana@ops1")))
    let text = try markdown(story)
    #expect(text.contains("| **TTD** | ~01:59 |"))
    #expect(text.contains("| **TTA** | 44.0 s | time to acknowledge | detected | acknowledged |"))
    #expect(text.contains("| **TTM** | – |"))
  }

  @Test("a correction stands beside what it corrects")
  func corrections() throws {
    var story = Story.badNight()
    story.add(.milestoneReached(MilestoneMark(.mitigated, reached: Story.begin + .seconds(95), source: "dana@ops1")))
    story.add(.milestoneReached(MilestoneMark(.mitigated, reached: Story.begin + .seconds(80), source: "dana@ops1")))
    let postmortem = Postmortem(try story.file())
    let rows = postmortem.timeline.filter { $0.event.hasPrefix("MITIGATED") }
    let (first, second) = (try #require(rows.map(\.entry).min()), try #require(rows.map(\.entry).max()))
    #expect(
      rows.map(\.event) == [
        "MITIGATED (dana@ops1) (corrects entry \(first))",
        "MITIGATED (dana@ops1) (corrected later by entry \(second))",
      ])
    #expect(rows.map(\.corrects) == [first, nil] && rows.map(\.correctedBy) == [nil, second])
    #expect(postmortem.metrics.first { $0.name == "TTM" }?.milliseconds == 80_000)
  }

  @Test("a note about an earlier moment stands at that moment and says when it was written down")
  func backdatedNote() throws {
    var story = Story.badNight()
    let moment = Story.begin - .seconds(60)
    story.add(.noted(Note(text: "first odd withdrawal", happened: moment, starred: false)))
    let row = try #require(Postmortem(try story.file()).timeline.first)
    #expect(row.event == "first odd withdrawal")
    #expect(row.sinceDetectedText == "T-01:00")
    #expect(row.recorded != nil)
  }

  @Test("messages are shown with what became of them")
  func messages() throws {
    let sent = try markdown(Story.badNight())
    #expect(sent.contains("**RUN-1/tell-chat** to chat: sent"))
    #expect(sent.contains("```text\nThe shop is closed.\n```"))
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    let message = story.queue()
    let failure = Failure(.httpStatus, "chat answered 500")
    story.add(.messageFailed(MessageFailure(id: message.id, failure: failure, final: false)), run: 1, step: "tell-chat")
    let text = try markdown(story)
    #expect(text.contains("FAILED 03:13:54: chat answered 500"))
    #expect(text.contains("`andon notify outbox --send`"))
    #expect(text.contains("**undelivered** message RUN-1/tell-chat"))
  }

  @Test("a runbook problem becomes an action item to be owned")
  func actionItems() throws {
    let postmortem = Postmortem(try Story.badNight().file())
    #expect(postmortem.findings.map(\.kind) == [.failed, .retried])
    #expect(PostmortemMarkdown(postmortem).text.contains("| Look at the bolt. | process |  |  |  |  |"))
  }

  @Test("a run whose playbook cannot be read any more does not prevent the report")
  func unreadablePlaybook() throws {
    let story = Story.badNight()
    let text = PostmortemMarkdown(Postmortem(try story.file([]))).text
    #expect(text.contains("| Close the till | ok | verified |"))
    #expect(text.contains("**The record of this run is not whole:**"))
    #expect(text.contains("| contain | RUN-1 | 05:00 | 50.2 s | met 50.2 s |"))
  }

  @Test("entries that cannot follow one another do not prevent the report")
  func impossibleEntries() throws {
    var story = Story.badNight()
    story.intend("close-till", "Close the till", ["again"], attempt: 2)
    story.add(.runFinished(RunEnd(phase: .done)), run: 1)
    story.add(.runResumed(RunResumption(owner: RunOwner(host: "a", pid: 1, epoch: 2))), run: 1)
    #expect(try markdown(story).contains("cannot stand here"))
  }

  @Test("an incident that is not in the journal is refused with what to do")
  func noSuchIncident() throws {
    let problem = #expect(throws: Problem.self) {
      try IncidentFile(IncidentID(number: 9), entries: Story.badNight().entries) { _ in nil }
    }
    #expect(problem?.message == "there is no INC-9 in this journal")
    #expect(problem?.advice != nil)
  }

  @Test("a drill is called a drill")
  func drill() throws {
    var story = Story()
    story.open(drill: true)
    story.add(Story.start(drill: true), run: 1)
    let text = try markdown(story)
    #expect(text.contains("DRILL: nothing real was affected"))
    #expect(text.contains("This was a drill."))
  }

  @Test("generated parts carry the hash of their inside, and everything else is outside of them")
  func blocks() throws {
    let text = try markdown(Story.badNight())
    let pattern = /<!-- andon:begin ([a-z-]+) v1 sha256=([0-9a-f]{64}) -->\n((?s:.)*?)<!-- andon:end ([a-z-]+) -->/
    let matches = text.matches(of: pattern)
    #expect(matches.count == 27)
    for match in matches {
      let digest = SHA256.hash(data: Data(match.3.utf8)).map { String(format: "%02x", $0) }.joined()
      #expect(match.1 == match.4 && match.2 == digest)
    }
    #expect(Set(matches.map { String($0.1) }).count == matches.count, "no name twice")
    let outside = text.replacing(pattern, with: "")
    #expect(outside.contains("_Write here:"))
    #expect(!outside.contains("andon:"))
    #expect(PostmortemMarkdown(Postmortem(try Story.badNight().file())).blocks.map(\.text).allSatisfy(text.contains))
  }
}
