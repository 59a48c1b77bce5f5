import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Monitors", .inTurn, .timeLimit(.minutes(40)))
struct MonitorTests {
  // MARK: - What is recorded

  @Test("A breach opens one incident, what goes on adds nothing, the end is recorded, and each look says so")
  func story() async throws {
    let watched = try Watched(Watched.load())
    try watched.set("10")
    let fine = try await watched.andon("monitor", "--once")
    #expect(fine.code == 0 && fine.stdout.hasPrefix("ok "), "\(fine)")
    #expect(try watched.kinds == [], "a look that found nothing was recorded")

    try watched.set("11")
    let breach = try await watched.andon("monitor", "--once")
    #expect(breach.code == 1 && breach.stdout.contains("BREACH") && breach.stdout.contains("INC-1 opened"), "\(breach)")
    #expect(breach.stdout.contains("andon run stop-all"), "\(breach)")
    let incident = try await watched.incident()
    #expect(incident["incident", "title"] == "The load is too high" && incident["incident", "severity"] == "P1")
    let detected = try #require(Timestamp(incident["incident", "milestones", "detected"]), "\(incident.json)")
    #expect((Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) - detected) < .seconds(60))

    let kinds = try watched.kinds
    #expect(kinds == ["incident.opened", "incident.milestone", "monitor.breached"])
    #expect(try await watched.andon("monitor", "--once").code == 1)
    #expect(try watched.kinds == kinds, "the same breach was told again")

    try watched.set("3")
    let end = try await watched.andon("monitor", "--once")
    #expect(end.code == 0 && end.stdout.contains("recovered"), "\(end)")
    #expect(try watched.kinds == kinds + ["monitor.recovered"])
    #expect(try await watched.andon("monitor", "--once").code == 0)
    #expect(try watched.kinds.count == kinds.count + 1)
    let timeline = try await watched.andon("timeline", "show", "INC-1")
    #expect(timeline.stdout.contains("load BREACHED") && timeline.stdout.contains("load recovered"), "\(timeline)")
    #expect(try await watched.andon("journal", "verify").code == 0)
  }

  @Test("A breach joins the only open incident and makes it as bad as itself; between two it opens its own")
  func joining() async throws {
    let watched = try Watched(Watched.load())
    try watched.set("11")
    #expect(try await watched.andon("incident", "open", "slow", "--severity", "P3", "--why", "mail").code == 0)
    #expect(try await watched.andon("monitor", "--once").stdout.contains("INC-1 "))
    #expect(try await watched.incident()["incident", "severity"] == "P1")
    #expect(try await watched.andon("resolve", "INC-1").code == 0)
    try watched.set("1")
    #expect(try await watched.andon("monitor", "--once").code == 0)

    for title in ["two", "three"] {
      #expect(try await watched.andon("incident", "open", title, "--severity", "P2", "--why", "mail").code == 0)
    }
    try watched.set("11")
    let own = try await watched.andon("monitor", "--once")
    #expect(own.stdout.contains("INC-4 opened"), "\(own)")
  }

  @Test("What cannot be evaluated is an alert of its own: 69, an incident, told once, and its end is recorded")
  func blind() async throws {
    let watched = try Watched(Watched.load())
    let lost = try await watched.andon("monitor", "--once")
    #expect(lost.code == 69 && lost.stdout.contains("UNKNOWN") && lost.stdout.contains("INC-1 opened"), "\(lost)")
    #expect(try await watched.incident()["incident", "title"] == "Monitor load cannot be evaluated")
    let kinds = try watched.kinds
    #expect(try await watched.andon("monitor", "--once").code == 69)
    #expect(try watched.kinds == kinds)
    try watched.set("not a number")
    #expect(try await watched.andon("monitor", "--once").code == 69, "a reading that cannot be judged passed for good")
    try watched.set("3")
    #expect(try await watched.andon("monitor", "--once").code == 0)
    #expect(try watched.kinds == kinds + ["monitor.recovered"])
  }

  @Test("A certain breach outranks a monitor that sees nothing; --json says it of each, --only looks at one")
  func worst() async throws {
    let second =
      "  - {id: gone, name: G, command: {run: [cat, FOLDER/gone]}, every: 1m, breach: exit_code > 0, severity: P2}\n"
    let watched = try Watched(Watched.load() + second)
    try watched.set("11")
    let both = try await watched.andon("monitor", "--once", "--json")
    #expect(both.code == 1, "\(both)")
    let looks = try Value.json(Data(both.stdout.utf8))["monitors"]?.items ?? []
    #expect(looks.map { $0["state"]?.displayText } == ["breach", "unknown"])
    #expect(try await watched.andon("monitor", "--once", "--only", "gone").code == 69)
    try watched.set("1")
    #expect(try await watched.andon("monitor", "--once", "--only", "load").code == 0)
    #expect(try await watched.andon("monitor", "--once").code == 69)
    let typo = try await watched.andon("monitor", "--once", "--only", "laod")
    #expect(typo.code == 64 && typo.stderr.contains("'load'"), "\(typo)")
  }

  // MARK: - Going on

  @Test("A watch sees breach and recovery, bears two failed looks but not three, and a restart forgets nothing")
  func goingOn() async throws {
    let watched = try Watched(Watched.load())
    try watched.set("1")
    let watch = try watched.start("monitor")
    try await eventually("it watches") { watch.stderr.contains("watching test: 1 monitor") }
    try watched.set("11")
    try await eventually("the breach is told") { watch.stdout.contains("BREACH") }
    watch.kill(SIGTERM)
    #expect(try await watch.wait().code == 143)
    #expect(try watched.recorded(.monitorBreached).count == 1)

    let again = try watched.start("monitor", "--jsonl")
    try await eventually("it looks") { again.lines.count > 3 }
    #expect(again.lines.allSatisfy { $0["state"]?.displayText == "breach" && $0["news"] == .null })
    #expect(again.lines.allSatisfy { $0["incident"]?.displayText == "INC-1" })
    try watched.set(nil)
    try await eventually("it goes blind") { again.lines.contains { $0["news"]?.displayText == "blind" } }
    let missed = again.lines.filter { $0["state"]?.displayText == "unknown" }
    #expect(missed.prefix { $0["news"] == .null }.count == 2, "\(missed)")
    try watched.set("1")
    try await eventually("it recovers") {
      again.lines.last?["news"]?.displayText == "recovered" || again.lines.last?["state"]?.displayText == "ok"
    }
    again.kill(SIGINT)
    #expect(try await again.wait().code == 130)
    let told = try watched.kinds.filter { $0.hasPrefix("monitor.") }
    #expect(told == ["monitor.breached", "monitor.blind", "monitor.recovered"])
  }

  @Test("A slow probe skips what it misses and never runs beside itself; a place that hangs holds up no other")
  func slowness() async throws {
    let silent = try ScriptedHTTPServer(always: [.hang])
    let script = "echo begin >> FOLDER/trace; sleep 0.45; echo end >> FOLDER/trace"
    let watched = try Watched(
      Watched.load() + """
          - {id: slow, name: S, command: {run: [sh, -c, "\(script)"]}, every: 100ms, breach: exit_code > 0, severity: P3}

        """
        + (0..<80).map {
          "  - {id: hang-\($0), name: H, http: {connection: api, get: /}, every: 100ms, breach: status > 0, severity: P3}\n"
        }.joined())
    try watched.book.folder.write(
      "format: 1\nenvironment: test\nconnections: {api: {http: \"\(silent.url)\"}}\n",
      to: "playbooks/environments/test.yaml")
    try watched.set("1")
    let watch = try watched.start("monitor", "--jsonl")
    func looks(_ id: String) -> [Value] { watch.lines.filter { $0["monitor"]?.displayText == id } }
    try await eventually("the slow one looked again and again") { looks("slow").count >= 4 }
    let (slow, quick) = (looks("slow"), looks("load"))
    watch.kill(SIGTERM)
    #expect(try await watch.wait(within: .seconds(20)).code == 143)
    #expect(slow.dropFirst().allSatisfy { (Int($0["skipped"]?.displayText ?? "") ?? 0) >= 4 }, "\(slow)")
    #expect(quick.count >= 12, "the quick one was held up: \(quick.count) looks")
    #expect(quick.allSatisfy { (Int($0["late_milliseconds"]?.displayText ?? "") ?? 9999) < 1000 })
    let trace = try String(contentsOfFile: watched.book.folder.file("trace"), encoding: .utf8).split(separator: "\n")
    #expect(!zip(trace, trace.dropFirst()).contains { $0 == "begin" && $1 == "begin" }, "two at a time: \(trace)")
  }

  @Test("Two watches of one environment would say everything twice: the second is told who watches, and leaves")
  func alone() async throws {
    let watched = try Watched(Watched.load())
    try watched.set("1")
    let watch = try watched.start("monitor")
    try await eventually("it watches") { watch.stderr.contains("watching") }
    let second = try await watched.andon("monitor")
    #expect(second.code == 75 && second.stderr.contains("process \(watch.pid)"), "\(second)")
    #expect(try await watched.andon("monitor", "--once").code == 0)
  }

  @Test("Mistakes in monitors.yaml are found by `playbook check` with their place, and nothing is watched with them")
  func mistakes() async throws {
    let watched = try Watched(Watched.load().replacing("suggest: stop-all", with: "suggest: stop-al"))
    let check = try await watched.andon("playbook", "check")
    #expect(check.code == 65 && check.stdout.contains("monitors.yaml:9:14: error"), "\(check)")
    #expect(check.stdout.contains("did you mean 'stop-all'?"), "\(check)")
    #expect(try await watched.andon("playbook", "check", "monitors.yaml").code == 65)
    let watch = try await watched.andon("monitor", "--once")
    #expect(watch.code == 78 && watch.stderr.contains("stop-al"), "\(watch)")
  }

  @Test("Tab offers the monitors, and --json without --once is refused with what to type")
  func names() async throws {
    let bash = try await BashCompletion(["HOME": "/nowhere", "ANDON_PLAYBOOKS": Repository.file("playbooks")])
    #expect(try await bash.offers("andon", "monitor", "--only", "high") == ["high-risk-orders"])
    let result = try await AndonProgram(environment: [:]).run(["monitor", "--json"])
    #expect(result.code == 64 && result.stderr.contains("--jsonl"), "\(result)")
  }
}
