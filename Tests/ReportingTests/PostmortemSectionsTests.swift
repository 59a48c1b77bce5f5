import Foundation
import IncidentModel
import Playbooks
import Reporting
import Testing

/// What each section says, and where it has that from.
@Suite struct PostmortemSectionsTests {
  private func postmortem(_ story: Story) throws -> Postmortem { Postmortem(try story.file()) }

  private func markdown(_ story: Story) throws -> String { PostmortemMarkdown(try postmortem(story)).text }

  private func section(_ heading: String, _ text: String) -> String {
    text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) } ?? ""
  }

  @Test("the time in each severity counts to the moment it was resolved, and nothing counts after that")
  func severities() throws {
    var story = Story()
    story.open()
    story.wait(56_000)
    story.add(.severityChanged(SeverityChange(from: .p0, to: .p2, why: "only the till")))
    story.wait(300_000)
    story.add(.severityChanged(SeverityChange(from: .p2, to: .p0, why: "the safe too")))
    story.wait(60_000)
    let resolved = Story.begin + .milliseconds(story.now - 20_000)
    story.add(.milestoneReached(MilestoneMark(.resolved, reached: resolved, source: "dana@ops1")))
    story.wait(5000)
    story.add(.severityChanged(SeverityChange(from: .p0, to: .p3, why: "in hindsight")))
    let spans = try postmortem(story).severitySpans
    #expect(spans.map(\.milliseconds) == [100_000, 300_000, 40_000, nil])
    let text = section("Severity", try markdown(story))
    #expect(text.contains("Time in each: P0 02:20, P2 05:00, P3 0 ms (from its opening until it was resolved)"))
    #expect(text.contains("| P2 | 05:00 | dana@ops1 | only the till | 4 |"))
    #expect(try markdown(story).contains("| **Severity** | P3 (was P0, then P2, then P0) |"))
  }

  @Test("what stood in the way is told with who decided what and how long it took")
  func obstacles() throws {
    var story = Story.badNight()
    story.wait(125_000)
    story.actor = "lee@ops2"
    story.add(.runResumed(RunResumption(owner: RunOwner(host: "ops2", pid: 77, epoch: 2))), run: 1)
    story.add(.stepChosen(StepChoice(.goOn, reason: "the door is guarded")), run: 1, step: "lock-door")
    story.end("tell-neighbours", .done, .unverified, "attested")
    let text = section("Response and recovery", try markdown(story))
    #expect(text.contains("- Acknowledged 44.0 s after detection (TTA)"))
    #expect(text.contains("03:13:54 RUN-1 stop-shop by dana@ops1: not ended"))
    #expect(text.contains("| Lock the door: FAILED, lockctl ended with exit code 1; trying again | _auto_ | – | 11 |"))
    #expect(text.contains("| RUN-1 parked: waiting for a person: Tell the neighbours | _auto_ | 02:05 | 22 |"))
    #expect(text.contains("| Lock the door: decided: go on, the door is guarded | **lee@ops2** | – | 24 |"))
    #expect(text.contains("| Tell the neighbours: waits for a person | _auto_ | 02:05 | 20 |"))
  }

  @Test("a value before stands only where the same question had been asked before, and names the entry")
  func before() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.add(
      .stepChecked(
        StepCheck(
          verification: .failed, check: Story.closeTillCheck, reading: #"read {"open":"yes"}"#, failure: nil,
          readings: 1, milliseconds: 20)), run: 1, step: "close-till")
    let asked = story.last
    story.closeTill()
    story.failDoor()
    let changes = try postmortem(story).changes
    #expect(changes.map(\.step) == ["close-till"])
    #expect(changes[0].before == #"read {"open":"yes"}"# && changes[0].beforeEntry == asked)
    let impact = section("Impact", try markdown(story))
    #expect(impact.contains(#"| read {"open":"yes"} (entry 5) | read {"open":"no"} |"#))
    let unasked = try postmortem(Story.badNight()).changes
    #expect(unasked.first { $0.step == "close-till" }?.before == nil)
  }

  @Test("what a read step kept before the first change stands with the impact; what is kept later does not")
  func keptValues() throws {
    let text = Story.playbookText.replacing(
      "steps:\n",
      with: """
        steps:
          - {id: look, name: Look, sql: {connection: database, run: SELECT 1}, register: {open_before: "rows[0].open"}}

        """)
    let playbook = try #require(PlaybookLoader(library: nil).load(text: text, file: "stop-shop.yaml").playbook)
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    for (step, value) in [("look", "yes"), ("close-till", "no")] {
      story.add(
        .stepIntended(
          StepIntent(
            title: "Look", action: "sql", effect: step == "look" ? .read : .destructive, preview: [], digest: "x")),
        run: 1, step: StepID(step))
      story.add(
        .stepFinished(
          StepEnd(state: .done, verification: .unverified, registered: ["open_before": .text(value)])),
        run: 1, step: StepID(step))
    }
    let report = Postmortem(try story.file([playbook]))
    #expect(report.keptValues.map(\.value) == ["yes"])
    #expect(PostmortemMarkdown(report).text.contains("| open_before | yes | Look | 2031-05-14 03:13:54 | RUN-1: 5–6 |"))
  }

  @Test("a long timeline is cut to what matters in the body, and whole in the appendix; a short one is whole at once")
  func timelineBody() throws {
    var story = Story.badNight()
    for number in 1...45 { story.add(.noted(Note(text: "note \(number)", happened: nil, starred: number == 7))) }
    story.add(.runFinished(RunEnd(phase: .failed)), run: 1)
    let text = try markdown(story)
    let body = section("Timeline", text)
    let all = section("Appendix: Full timeline", text)
    #expect(body.contains("| **note 7** |") && !body.contains("| note 8 |"))
    for part in ["Incident opened as P0", "**DETECTED", "RUN-1 started", "RUN-1 ended", "wallet of the thief"] {
      #expect(body.contains(part), "\(part)")
    }
    #expect(all.contains("| note 8 |") && all.contains("| **note 7** |"))
    let short = try markdown(Story.badNight())
    #expect(section("Appendix: Full timeline", short).contains("The timeline above is the whole."))
    #expect(section("Timeline", short).contains("Close the till: ok, verified"))
  }

  @Test("rows carry the date where it changes; what people did is told apart from what happened by itself")
  func timelineRows() throws {
    var story = Story.badNight()
    story.wait(Int64(21 * 3_600_000))
    story.add(.noted(Note(text: "the morning after", happened: nil, starred: false)))
    story.wait(1000)
    story.add(.noted(Note(text: "still there", happened: nil, starred: false)))
    let text = section("Timeline", try markdown(story))
    #expect(text.contains("| 2031-05-14 03:13:10 | T+00:00 |"))
    #expect(text.contains("| 2031-05-15 00:14:00 | T+21:00:50 | the morning after | **dana@ops1** | 23 |"))
    #expect(text.contains("| 00:14:01 | T+21:00:51 | still there | **dana@ops1** | 24 |"))
    #expect(text.contains("| Close the till: ok, verified | _auto_ | 8 |"))
  }

  @Test("notes with a first word go into their section, and the record's near misses are told as luck")
  func learning() throws {
    var story = Story.badNight()
    for text in [
      "lucky: no customer was in", "Well: the bell rang", "badly: no key", "question: who had it?", "impact: 3",
    ] {
      story.add(.noted(Note(text: text, happened: nil, starred: false)))
    }
    story.intend("lock-door", "Lock the door", ["lockctl close front"], attempt: 3, action: "command")
    story.end("lock-door", .done, .verified, attempt: 3)
    let text = try markdown(story)
    #expect(section("Where we got lucky", text).contains("- no customer was in (dana@ops1, entry 23)"))
    #expect(section("What went well", text).contains("- the bell rang ("))
    #expect(section("What went badly", text).contains("- no key ("))
    #expect(section("Open questions", text).contains("- who had it? ("))
    #expect(section("Open questions", text).contains("When did it begin?"))
    #expect(section("Impact", text).contains("- 3 ("))
  }

  @Test("links of notes and answers, and files with their hashes, stand under supporting data")
  func supporting() throws {
    var story = Story.worstNight()
    story.add(.noted(Note(text: "see https://graphs.example.org/d/1?x=a_b, bad", happened: nil, starred: false)))
    let report = try postmortem(story)
    #expect(report.links.map(\.address) == ["https://graphs.example.org/d/1?x=a_b"])
    let text = section("Supporting data", PostmortemMarkdown(report).text)
    #expect(text.contains("https://graphs.example.org/d/1?x=a_b (entry \(story.last))"))
    #expect(text.contains("| true | Tell the neighbours | `\(String(repeating: "c", count: 64))` | 12 | lee@ops2 |"))
  }

  @Test("the appendix has each step's action, output and check under the numbers of its entries")
  func evidence() throws {
    let text = section("Appendix: Commands and output", try markdown(Story.badNight()))
    #expect(
      text.contains("### RUN-1 step 1: Close the till (ok)\n\nEvidence: entries 5–8.\n\nAction (sql, destructive)"))
    #expect(text.contains("### RUN-1 step 2: Lock the door (FAILED)\n\nEvidence: entries 9–14.\n"))
    #expect(text.contains("stderr:\n\n```text\nlockctl: bolt jammed\n```"))
  }

  @Test("what was to be posted by hand stands with the communications, answered or not")
  func byHand() throws {
    var story = Story.badNight()
    let question = StepQuestion(
      title: "Post on X", ask: "Post it", checklist: [], draft: "Trading is off.", link: "https://x.com/post",
      answerType: "url")
    story.add(.stepAsked(question), run: 1, step: "tell-neighbours")
    #expect(section("Communications", try markdown(story)).contains("by hand: **nobody has answered**"))
    story.add(.stepAnswered(StepAnswer(answer: .text("https://x.com/1"))), run: 1, step: "tell-neighbours")
    let text = section("Communications", try markdown(story))
    #expect(text.contains("by hand: dana@ops1 answered https://x.com/1 at 03:14:00"))
    #expect(text.contains("```text\nTrading is off.\n```"))
  }
}
