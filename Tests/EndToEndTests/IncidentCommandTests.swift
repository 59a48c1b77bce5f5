import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The life of an incident", .inTurn, .timeLimit(.minutes(40)))
struct IncidentCommandTests {
  // MARK: - Opening

  @Test("open says the rule, the windows, whom to notify with the number, and the commands that may help")
  func opening() async throws {
    let desk = try OnCall()
    let result = try await desk.andon(
      "incident", "open", "orders", "fail", "--severity", "P0", "--why", "Trading platform down", "--started-at",
      "20m ago", "--detected-at", "3m ago")
    #expect(result.code == 0, "\(result)")
    for text in [
      "INC-1 P0  test  orders fail", "Trading platform down", "detection 5m, OVERDUE since", "post-incident 24h, until",
      "On-call Engineer  (ana)  +44 20 7946 0001", "Technical Lead  no number: nobody has written it down yet",
      "andon pull stop-all --incident INC-1\n", "andon run look --incident INC-1\n", "no-such-thing (no playbook",
      "andon escalate INC-1",
    ] { #expect(result.stdout.contains(text), "missing '\(text)' in:\n\(result)") }
    let incident = try await desk.incident
    #expect(incident["incident", "environment"] == "test")
    let moments = ["started", "detected"].compactMap { Timestamp(incident["incident", "milestones", $0]) }
    try #require(moments.count == 2)
    // Both were typed as whole minutes before the same moment.
    #expect(moments[1] - moments[0] == .seconds(17 * 60))
    // A run that is started as suggested belongs to it.
    let run = try await desk.andon("run", "look", "--auto", "--incident", "INC-1")
    #expect(run.code == 4, "\(run)")
    #expect(try await desk.incident["incident", "runs"] == #"["RUN-1"]"#)
  }

  @Test(
    "A severity is understood as other tools write it",
    arguments: [("P0", "P0"), ("p1", "P1"), ("SEV2", "P2"), ("sev3", "P3"), ("Sev-0", "P0")])
  func aliases(typed: String, meant: String) async throws {
    let desk = try OnCall()
    let result = try await desk.andon("incident", "open", "x", "--severity", typed, "--json")
    #expect(try Record(result)["incident", "severity"] == meant)
    #expect(try await desk.incident["incident", "why"] == "set by dana")
  }

  @Test(
    "What cannot be opened says what is missing or wrong, and records nothing",
    arguments: [
      ([], 64, "andon incident open \"what is wrong\" --severity P0"), (["orders fail"], 64, "--severity P0"),
      (["--severity", "P1"], 64, "andon incident open \"what is wrong\""), (["x", "--severity", "P4"], 64, "'P4'"),
      ([" ", "--severity", "P1"], 64, "the title is empty"),
      (["x", "--severity", "P1", "--why", ""], 64, "--why is empty"),
      (["x", "--severity", "P1", "--env", "tset"], 78, "did you mean 'test'"),
      (["x", "--severity", "P1", "--detected-at", "soon"], 64, "--detected-at 'soon' is not a moment"),
      (["x", "--severity", "P1", "--detected-at", "2999-01-01T00:00:00Z"], 64, "in the future"),
      (["x", "--severity", "P1", "--started-at", "1m ago", "--detected-at", "2m ago"], 64, "--started-at"),
      (["x", "--severity", "P1", "--detected-at", "1200-01-01T00:00:00Z"], 64, "before 1970"),
    ] as [([String], Int32, String)])
  func refusedOpening(arguments: [String], code: Int32, message: String) async throws {
    let desk = try OnCall()
    let result = try await AndonProgram(environment: desk.variables).run(["incident", "open"] + arguments)
    #expect(result.code == code, "\(result)")
    #expect(result.stderr.contains(message), "\(result)")
    #expect(!desk.hasJournal)
  }

  @Test("An incident opens by --severity although the criteria and the contacts are damaged")
  func damagedFiles() async throws {
    let desk = try OnCall()
    for name in ["severity", "contacts"] { try desk.playbooks.folder.write("{", to: "playbooks/\(name).yaml") }
    let result = try await desk.andon("incident", "open", "x", "--severity", "P0")
    #expect(result.code == 0, "\(result)")
    #expect(result.stderr.contains("severity.yaml"))
    #expect(try await desk.incident["incident", "severity"] == "P0")
  }

  @Test("The shipped criteria suggest the kill switch as a pull; a drill is suggested as one and is never production")
  func shipped() async throws {
    let folder = try TemporaryFolder()
    let andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "dana", "ANDON_STATE": folder.file("state"),
    ])
    let real = try await andon.run(["incident", "open", "x", "--severity", "P0"])
    #expect(real.stdout.contains("*** PRODUCTION ***"))
    #expect(real.stdout.contains("andon pull pause-trading --incident INC-1\n"), "\(real)")
    let drill = try await andon.run(["incident", "open", "x", "--severity", "P0", "--drill"])
    #expect(drill.stdout.contains("DRILL"))
    #expect(drill.stdout.contains("andon pull pause-trading --incident INC-2 --drill\n"), "\(drill)")
    let wrong = try await andon.run(["incident", "open", "x", "--severity", "P0", "--drill", "--env", "production"])
    #expect(wrong.code == 77, "\(wrong)")
  }

  // MARK: - Changing

  @Test("Every change of severity stays, with who and why; the same again records nothing; none goes without a reason")
  func classify() async throws {
    let desk = try await OnCall().opened("P1")
    let bare = try await desk.andon("incident", "classify", "--severity", "P0")
    #expect(bare.code == 64 && bare.stderr.contains("--why"), "\(bare)")
    let without = try await desk.andon("incident", "classify")
    #expect(without.code == 64 && without.stderr.contains("--severity"), "\(without)")
    let worse = try await desk.andon("incident", "classify", "--severity", "SEV0", "--why", "all orders", "--as", "lee")
    #expect(worse.code == 0 && worse.stdout.contains("Technical Lead"), "\(worse)")
    #expect(try await desk.andon("incident", "classify", "INC-1", "--severity", "P2", "--why", "calm").code == 0)
    let before = try desk.count
    let same = try await desk.andon("incident", "classify", "--severity", "P2", "--why", "again")
    #expect(same.code == 0 && same.stdout.contains("P2 already"), "\(same)")
    #expect(try desk.count == before)
    let history = try await desk.incident.json["incident"]?["severity_history"]?.items ?? []
    #expect(history.map { $0["severity"]?.displayText } == ["P1", "P0", "P2"])
    #expect(history.map { $0["by"]?.displayText } == ["dana", "lee", "dana"])
    #expect(history.map { $0["why"]?.displayText } == ["set by dana", "all orders", "calm"])
  }

  @Test("Saying a milestone twice does not move it; --at corrects it, and what it corrects stays in the story")
  func milestones() async throws {
    let desk = try await OnCall().opened()
    let first = try await desk.andon("ack", "--at", "8m ago")
    #expect(first.code == 0 && first.stdout.contains("after it was detected"), "\(first)")
    let moment = try await desk.incident["incident", "milestones", "acknowledged"]
    let again = try await desk.andon("ack")
    #expect(again.code == 0 && again.stdout.contains("already; nothing was recorded"), "\(again)")
    #expect(try await desk.incident["incident", "milestones", "acknowledged"] == moment)

    #expect(try await desk.andon("ack", "--at", "9m ago", "--why", "the pager says so").code == 0)
    #expect(try await desk.incident["incident", "milestones", "acknowledged"] < moment)
    #expect(try await desk.andon("mitigate", "INC-1", "--at", "5m ago").code == 0)
    #expect(try await desk.andon("resolve", "--json").code == 0)
    let story = try await desk.andon("show", "INC-1").stdout
    #expect(story.contains("corrected later") && story.contains("the pager says so"), "\(story)")
    #expect(try await desk.incident["incident", "status"] == "resolved")
  }

  @Test(
    "Milestones in the wrong order are refused with both moments and the way to correct them; nothing is recorded",
    arguments: [
      (["resolve", "--at", "11m ago"], "before it was detected", "andon incident edit INC-1 --detected-at T"),
      (["resolve", "--at", "6m ago"], "before it was mitigated", "andon mitigate INC-1 --at T"),
      (["incident", "edit", "--detected-at", "4m ago"], "before it was detected", "andon mitigate INC-1 --at T"),
      (["incident", "edit", "--started-at", "9m ago"], "before it was started", "--detected-at T"),
    ])
  func disorder(arguments: [String], message: String, advice: String) async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("mitigate", "--at", "5m ago").code == 0)
    let before = try desk.count
    let result = try await AndonProgram(environment: desk.variables).run(arguments)
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains(message) && result.stderr.contains(advice), "\(result)")
    #expect(try desk.count == before)
  }

  @Test("edit changes title and moments by appending, and the lists show the new title")
  func edit() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("incident", "edit").code == 64)
    let result = try await desk.andon(
      "incident", "edit", "INC-1", "--title", "orders fail in the EU", "--started-at", "30m ago", "--detected-at",
      "20m ago")
    #expect(result.code == 0, "\(result)")
    let incident = try await desk.incident
    #expect(incident["incident", "title"] == "orders fail in the EU")
    #expect(try desk.recorded(.incidentOpened).map { $0["title"] } == ["orders fail"])
    #expect(try desk.recorded(.milestoneReached).map { $0["milestone"] } == ["detected", "started", "detected"])
    #expect(try await desk.andon("incident", "list").stdout.contains("orders fail in the EU"))
  }

  @Test("Roles are taken, given and left; without a role it shows who has which")
  func roles() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("incident", "role", "lead").code == 0)
    #expect(try await desk.andon("incident", "role", "INC-1", "scribe", "lee").code == 0)
    let shown = try await desk.andon("incident", "role").stdout
    #expect(shown.contains("lead            dana") && shown.contains("communications  nobody yet"), "\(shown)")
    let cleared = try Record(await desk.andon("incident", "role", "lead", "--none", "--json"))
    #expect(cleared["roles", "lead"] == "null")
    #expect(cleared["roles", "scribe"] == "lee")
    #expect(try desk.recorded(.roleAssigned).map { $0["person"] } == ["dana", "lee", ""])
    let typo = try await desk.andon("incident", "role", "leed")
    #expect(typo.code == 64 && typo.stderr.contains("Did you mean 'lead'?"), "\(typo)")
  }

  // MARK: - Calling

  @Test("Without a terminal escalate names one contact after the other; --not-reached is said of the one just named")
  func escalate() async throws {
    let desk = try await OnCall().opened()
    let first = try await desk.andon("escalate")
    #expect(first.code == 0 && first.stdout == "On-call Engineer  (ana)  +44 20 7946 0001\n", "\(first)")
    let outcome = try await desk.andon("escalate", "--not-reached")
    #expect(outcome.stdout.contains("On-call Engineer") && outcome.stderr.contains("Next is Technical Lead"))
    let second = try await desk.andon("escalate", "--reached")
    #expect(second.stdout.contains("Technical Lead  no number: nobody has written it down yet"), "\(second)")
    let service = try Record(await desk.andon("escalate", "--to", "hoster", "--json"))
    #expect(service["contact"] == "hoster" && service["reach"] == "support.example.org")
    let calls = try desk.recorded(.escalated)
    #expect(
      calls.map { $0["outcome"] } == ["named", "not_reached", "reached", "named"], "a service is only called by name")
    let typo = try await desk.andon("escalate", "--to", "technical-laed")
    #expect(typo.code == 64 && typo.stderr.contains("Did you mean 'technical-lead'?"), "\(typo)")
  }

  // MARK: - Afterwards

  @Test("Follow-ups have owner, date and number; done and dropped keep their reason; a date has to lie ahead")
  func followUps() async throws {
    let desk = try await OnCall().opened()
    let added = try await desk.andon(
      "incident", "followup", "add", "test", "the alert", "--owner", "lee", "--due", "24h")
    #expect(added.code == 0 && added.stdout.contains("follow-up 1: test the alert  (lee, due "), "\(added)")
    for wrong in ["2001-01-01", "tomorrow", "0s", "2031-02-30", "99999d"] {
      let result = try await desk.andon("incident", "followup", "add", "x", "--due", wrong)
      #expect(result.code == 64 && result.stderr.contains("--due '\(wrong)'"), "\(result)")
    }
    #expect(try await desk.andon("incident", "followup", "add", "INC-1", "second").code == 0)
    #expect(try await desk.andon("incident", "followup", "done", "1", "--why", "it rings").code == 0)
    #expect(try await desk.andon("incident", "followup", "drop", "INC-1", "2").code == 64)
    #expect(try await desk.andon("incident", "followup", "drop", "INC-1", "2", "--why", "not ours").code == 0)
    #expect(try await desk.andon("incident", "followup", "done", "3").code == 64)
    let list = try Record(await desk.andon("incident", "followup", "list", "--json")).json["follow_ups"]?.items ?? []
    #expect(list.map { $0["status"]?.displayText } == ["done", "dropped"])
    #expect(list.map { $0["why"]?.displayText } == ["it rings", "not ours"])
    #expect(list.first?["owner"] == .text("lee"))
  }

  @Test("Follow-ups added by many at once get numbers of their own")
  func manyFollowUps() async throws {
    let desk = try await OnCall().opened()
    let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
      for index in 1...8 { group.addTask { try await desk.andon("incident", "followup", "add", "task \(index)").code } }
      var codes: [Int32] = []
      for try await code in group { codes.append(code) }
      return codes
    }
    #expect(codes == Array(repeating: 0, count: 8))
    let numbers = try desk.recorded(.followUpRecorded).map { $0["number"] ?? "" }
    #expect(numbers.sorted() == (1...8).map(String.init))
  }

  @Test("An incident with an open run, or not resolved, is only closed with a reason; what is left to do is said")
  func close() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("run", "look", "--auto", "--incident", "INC-1").code == 4)
    #expect(try await desk.andon("incident", "followup", "add", "write it up").code == 0)
    let parked = try await desk.andon("incident", "close")
    #expect(parked.code == 77 && parked.stderr.contains("RUN-1 look is not over"), "\(parked)")
    #expect(try await desk.andon("resolve").code == 0)
    #expect(try await desk.andon("incident", "close").code == 77)
    let closed = try await desk.andon("incident", "close", "--why", "the run is moot")
    #expect(closed.code == 0, "\(closed)")
    #expect(closed.stdout.contains("write it up") && closed.stdout.contains("andon postmortem create INC-1"))
    #expect(try await desk.incident["incident", "status"] == "closed")
    #expect(try await desk.andon("incident", "list").stdout == "No incident is open.\n")
    #expect(try await desk.andon("incident", "list", "--all").stdout.contains("INC-1  P1  closed"))

    let second = try await desk.andon("incident", "open", "another", "--severity", "P3")
    #expect(second.code == 0, "\(second)")
    let early = try await desk.andon("incident", "close", "INC-2")
    #expect(early.code == 77 && early.stderr.contains("andon resolve INC-2"), "\(early)")
    #expect(try await desk.andon("resolve").code == 0)
    #expect(try await desk.andon("incident", "close").code == 0)
  }

  @Test("Two open incidents: a command without an id says which there are")
  func ambiguous() async throws {
    let desk = try await OnCall().opened()
    #expect(try await desk.andon("incident", "open", "another", "--severity", "P3").code == 0)
    for arguments in [["ack"], ["escalate"], ["incident", "close"], ["incident", "role"]] {
      let result = try await AndonProgram(environment: desk.variables).run(arguments)
      #expect(result.code == 64 && result.stderr.contains("INC-1, INC-2"), "\(arguments): \(result)")
    }
  }

  // MARK: - Everywhere

  @Test("A secret in any typed text reaches neither the journal nor the screen")
  func secrets() async throws {
    let desk = try OnCall()
    let secret = desk.secret
    var shown = ""
    for arguments in [
      ["incident", "open", "token \(secret)", "--severity", "P1", "--why", secret],
      ["incident", "edit", "--title", "it was \(secret)"],
      ["incident", "classify", "--severity", "P0", "--why", "has \(secret)"],
      ["incident", "role", "lead", secret, "--why", secret],
      ["incident", "followup", "add", "rotate \(secret)", "--owner", secret],
      ["incident", "followup", "done", "1", "--why", secret], ["ack", "--why", secret], ["escalate", "--why", secret],
      ["resolve", "--why", secret], ["incident", "close", "--why", secret],
    ] {
      let result = try await AndonProgram(environment: desk.variables).run(arguments)
      #expect(result.code == 0, "\(result)")
      shown += result.output
    }
    let canaries = [Canary("the token", secret)]
    canaries.expectAbsent(from: shown, "what was shown")
    try canaries.expectAbsent(below: desk.playbooks.state)
    #expect(try await desk.andon("journal", "verify").code == 0)
  }

  @Test(
    "The help of each of these commands has an example",
    arguments: [
      "ack", "mitigate", "resolve", "escalate", "incident open", "incident list", "incident edit", "incident classify",
      "incident role", "incident close", "incident followup add", "incident followup list", "incident followup done",
      "incident followup drop",
    ])
  func help(command: String) async throws {
    let words = command.split(separator: " ").map(String.init)
    let text = try await AndonProgram(environment: ["PATH": "/usr/bin:/bin"]).run(words + ["--help"]).stdout
    #expect(text.contains("Example"))
    #expect(text.contains(#/\n *andon /#) && text.contains("andon \(command)"), "\(text)")
  }
}
