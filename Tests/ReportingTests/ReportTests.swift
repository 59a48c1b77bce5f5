import Foundation
import IncidentModel
import Journaling
import Playbooks
import Reporting
import Testing

@Suite struct RunReportTests {
  private func report(_ story: Story = .badNight()) throws -> RunReport {
    try RunReport(RunID(number: 1), in: try story.file())
  }

  @Test("a run reads as what happened, what is still true and what to type next")
  func text() throws {
    let text = try report().text()
    #expect(text.hasPrefix("RUN-1 stop-shop  WAITING for a person  since 03:13:54  exit 1\n"))
    #expect(text.contains("detected 03:13:10   acknowledged 03:13:54"))
    #expect(text.contains("contain  05:00  met 50.2 s"))
    #expect(text.contains("4 steps: 1 ok, 1 done but not verified, 1 FAILED, 1 waiting; 1 note"))
    #expect(text.contains("Still true:\n  Close the till  read {\"open\":\"no\"}  (checked 03:13:58)"))
    #expect(text.contains("Not proved:\n  FAILED  Lock the door"))
    #expect(text.contains("andon resume RUN-1"))
    #expect(text.contains("andon run open-shop --incident INC-1"))
    #expect(text.contains("andon postmortem create INC-1"))
  }

  @Test("a clock that runs is measured against the moment given, and none is read")
  func clocks() throws {
    let later = TextOptions(now: Story.begin + .seconds(600))
    #expect(try report().text(later).contains("notify   15:00  05:00 left"))
    let overdue = TextOptions(now: Story.begin + .seconds(912))
    #expect(try report().text(overdue).contains("notify   15:00  OVERDUE by 00:12"))
    #expect(try report().text().contains("notify   15:00  open"))
  }

  @Test("the text stays within the columns it is given", arguments: [40, 59, 72, 80, 120])
  func width(_ width: Int) throws {
    let story = Story.worstNight(title: String(repeating: "長い題名 🚨 ", count: 12))
    let file = try story.file()
    let run = try RunReport(RunID(number: 1), in: file)
    let register = Register(file.entries)
    let options = TextOptions(width: width)
    let texts = [
      run.text(options), IncidentReport(file).text(options), HistoryReport(register).text(options),
      StatusReport(register, openRuns: register.runs.map { ($0, file.runs.first) }, now: Story.begin).text(options),
      StatusReport(Register([]), openRuns: [], now: Story.begin).text(options),
      TimelineReport(file).text(options), TimelineReport(file, everything: true).text(options),
      try run.step("tell-neighbours").text(options),
    ]
    // A command to type is never broken.
    for line in texts.flatMap({ $0.components(separatedBy: "\n") }) where !line.hasPrefix("  andon ") {
      #expect(line.displayWidth <= width, "\(line)")
    }
  }

  @Test("show RUN --json has the keys that programs rely on, null where there is nothing")
  func json() throws {
    let json = try object(try report().json())
    #expect(json["schema_version"] as? Int == 1)
    let run = try #require(json["run"] as? [String: Any])
    #expect(run["id"] as? String == "RUN-1")
    #expect(run["playbook"] as? String == "stop-shop")
    #expect(run["environment"] as? String == "production")
    #expect(run["drill"] as? Bool == false)
    #expect(run["state"] as? String == "waiting")
    #expect(run["incident"] as? String == "INC-1")
    #expect(run["actor"] as? String == "dana@ops1")
    #expect(run["exit"] as? Int == 1)
    #expect(run["ended"] is NSNull)
    #expect(run["detected"] as? String == "2031-05-14T03:13:10.000Z")
    let steps = try #require(json["steps"] as? [[String: Any]])
    #expect(steps.map { $0["id"] as? String } == ["close-till", "lock-door", "tell-chat", "tell-neighbours"])
    for step in steps {
      for key in [
        "id", "title", "action", "effect", "state", "verification", "reason", "attempts", "started", "ended",
        "milliseconds", "entries",
      ] { #expect(step[key] != nil, "\(key)") }
    }
    #expect(steps[0]["state"] as? String == "done")
    #expect(steps[0]["verification"] as? String == "verified")
    #expect(steps[0]["milliseconds"] as? Int == 4200)
    #expect(steps[0]["entries"] as? [Int] == [5, 6, 7, 8])
    #expect(steps[1]["attempts"] as? Int == 2)
    #expect(steps[3]["verification"] is NSNull)
    let targets = try #require(json["targets"] as? [[String: Any]])
    #expect(targets.map { $0["state"] as? String } == ["met", "open"])
    let messages = try #require(json["messages"] as? [[String: Any]])
    #expect(messages.first?["state"] as? String == "sent")
    #expect(messages.first?["remote_id"] as? String == "m-77")
    let head = try #require(json["head"] as? [String: Any])
    #expect(head["sequence"] as? Int == Story.badNight().entries.count)
    #expect((head["hash"] as? String)?.count == 64)
  }

  @Test("one step shows its action, its output line by line and its check, found by id or by number")
  func step() throws {
    let text = try report().step("2").text()
    #expect(text.hasPrefix("RUN-1 step 2 of 4  lock-door  FAILED  2.0 s"))
    #expect(text.contains("Action:\n  | lockctl close front"))
    #expect(text.contains("stderr:\n  | lockctl: bolt jammed"))
    #expect(text.contains("Check: none made"))
    #expect(text.contains("Entries: 9–14"))
    let json = try object(try report().step("close-till").json())
    let step = try #require(json["step"] as? [String: Any])
    #expect(step["id"] as? String == "close-till")
    #expect(step["reading"] as? String == #"read {"open":"no"}"#)
    #expect((step["outputs"] as? [String: Any])?["row_count"] as? Int == 1)
  }

  @Test("the names of outputs in JSON stay as the playbook knows them")
  func outputNames() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.intend("close-till", "Close", [])
    story.act("close-till", ActionResult(.succeeded, outputs: ["camelCase": .map(["innerKey": .number(1)])]), took: 1)
    let json = try report(story).step("close-till").json()
    #expect(json.contains("\"camelCase\"") && json.contains("\"innerKey\""))
  }

  @Test("a step that is not there is refused with the near miss")
  func unknownStep() throws {
    let report = try report()
    let problem = #expect(throws: Problem.self) { try report.step("lock-dor") }
    #expect(problem?.message == "RUN-1 has no step 'lock-dor'")
    #expect(problem?.advice?.contains("did you mean 'lock-door'?") == true)
  }

  @Test("a duration across a restart of the machine is marked as approximate")
  func restart() throws {
    var story = Story()
    story.open()
    story.add(Story.start(), run: 1)
    story.intend("close-till", "Close the till", [])
    story.boot = "boot-2"
    story.wait(90_000)
    story.end("close-till", .unknown, .unverified, "no_outcome: the process died")
    #expect(try report(story).text().contains("~01:30"))
  }
}

@Suite struct OtherReportTests {
  @Test("show INC --json has milestones, severity history, runs, timeline and messages")
  func incidentJSON() throws {
    let json = try object(try IncidentReport(try Story.badNight().file()).json())
    #expect(json["schema_version"] as? Int == 1)
    let incident = try #require(json["incident"] as? [String: Any])
    #expect(incident["id"] as? String == "INC-1")
    #expect(incident["severity"] as? String == "P0")
    #expect(incident["status"] as? String == "open")
    #expect(incident["drill"] as? Bool == false)
    let milestones = try #require(incident["milestones"] as? [String: Any])
    #expect(milestones["detected"] as? String == "2031-05-14T03:13:10.000Z")
    #expect(milestones["mitigated"] is NSNull)
    #expect((incident["severity_history"] as? [Any])?.count == 1)
    #expect((json["runs"] as? [[String: Any]])?.first?["id"] as? String == "RUN-1")
    #expect((json["timeline"] as? [Any])?.isEmpty == false)
    #expect((json["messages"] as? [Any])?.count == 1)
  }

  @Test("status shows what is open with what is left on its clocks, and what to type")
  func status() throws {
    let file = try Story.badNight().file()
    let register = Register(file.entries)
    let open = try #require(register.runs.first)
    let report = StatusReport(
      register, openRuns: [(line: open, account: file.runs.first)], now: Story.begin + .seconds(600))
    let text = report.text()
    #expect(
      text.contains("OPEN INCIDENTS (1)\n  INC-1  P0  open  *** PRODUCTION ***  detected 10:00 ago\n    Somebody"))
    #expect(text.contains("RUN-1  waiting  stop-shop  INC-1  *** PRODUCTION ***"))
    #expect(text.contains("notify   15:00  05:00 left"))
    #expect(text.contains("waits for  Tell the neighbours: Call the neighbours"))
    #expect(text.contains("andon resume RUN-1"))
    #expect(text.contains("andon mitigate INC-1"))
    let json = try object(try report.json())
    let run = try #require((json["runs"] as? [[String: Any]])?.first)
    #expect(run["id"] as? String == "RUN-1")
    let notify = try #require((run["targets"] as? [[String: Any]])?.last)
    #expect(notify["remaining_milliseconds"] as? Int == 300_000)
    #expect((json["outbox"] as? [Any])?.isEmpty == true)
  }

  @Test("status of a journal without anything open says so, and how to begin")
  func quiet() {
    let text = StatusReport(Register([]), openRuns: [], now: Story.begin).text()
    #expect(text.hasPrefix("Nothing is open: no incident, no run, no message.\n"))
    for command in ["andon incident open", "andon pull", "andon playbook list"] {
      #expect(text.contains("\n  \(command) "))
    }
  }

  @Test("history is limited by severity, moment, playbook and drill")
  func history() throws {
    let register = Register(Story.badNight().entries)
    func counts(_ filter: HistoryFilter) throws -> [Int?] {
      let json = try object(try HistoryReport(register, filter: filter).json())
      return [(json["incidents"] as? [Any])?.count, (json["runs"] as? [Any])?.count]
    }
    #expect(try counts(HistoryFilter()) == [1, 1])
    #expect(try counts(HistoryFilter(severity: .p0)) == [1, 1])
    #expect(try counts(HistoryFilter(severity: .p1)) == [0, 0])
    #expect(try counts(HistoryFilter(since: Story.begin + .seconds(3600))) == [0, 0])
    #expect(try counts(HistoryFilter(playbook: "stop-shop")) == [1, 1])
    #expect(try counts(HistoryFilter(playbook: "other")) == [0, 0])
    #expect(try counts(HistoryFilter(drill: true)) == [0, 0])
    #expect(try counts(HistoryFilter(drill: false)) == [1, 1])
    #expect(HistoryReport(register, filter: HistoryFilter(drill: true)).text() == "Nothing in this journal matches.")
  }

  @Test("every report is made from a real journal")
  func realJournal() throws {
    let temporary = FileManager.default.temporaryDirectory
    let directory = temporary.appending(path: "andon-reporting-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let journal = try Journal(directory: directory, redactor: Redactor())
    let digest = try Story.playbook().source.digest
    let record = PlaybookRecord(playbook: "stop-shop", digest: digest, text: Story.playbookText)
    var story = Story()
    story.add(.playbookRecorded(record), inIncident: false)
    story.open()
    story.add(Story.start(digest: digest), run: 1)
    story.closeTill()
    story.add(.runParked(RunParking(reason: "left open")), run: 1)
    let last = try #require(try journal.append(story.events).last)
    let reader = journal.reader
    let text = PostmortemMarkdown(try Postmortem(IncidentID(number: 1), reader: reader)).text
    #expect(text.contains("\(last.sequence):\(last.hash)"))
    #expect(text.contains("| 4 | Tell the neighbours | pending |"), "steps without entries come from the playbook")
    #expect(try RunReport(RunID(number: 1), reader: reader).text().contains("RUN-1 stop-shop"))
    #expect(try IncidentReport(IncidentID(number: 1), reader: reader).text().contains("INC-1  P0  OPEN"))
    #expect(try StatusReport(reader: reader, now: Story.begin).text().contains("RUN-1  waiting"))
    #expect(try HistoryReport(reader: reader).text().contains("INCIDENTS (1)"))
    let problem = #expect(throws: Problem.self) { try RunReport(RunID(number: 5), reader: reader) }
    #expect(problem?.message == "there is no RUN-5 in this journal")
  }
}
