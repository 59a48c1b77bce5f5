import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Armed playbooks", .inTurn, .timeLimit(.minutes(40)))
struct ArmingTests {
  private func watched(grace: String = "1s") throws -> Watched {
    let watched = try Watched(Watched.load(more: "    grace: \(grace)\n    cool_down: 1h"))
    try watched.set("11")
    return watched
  }

  private func stages(_ watched: Watched) throws -> [String] {
    try watched.recorded(.playbookFiring).map { $0["stage"]?.displayText ?? "" }
  }

  @Test("What is not armed is never started, however long the breach lasts")
  func unarmed() async throws {
    let watched = try watched(grace: "100ms")
    let watch = try watched.start("monitor", "--jsonl")
    try await eventually("it looked often") { watch.lines.count > 10 }
    watch.kill(SIGTERM)
    _ = try await watch.wait()
    #expect(!watched.isStopped)
    #expect(try stages(watched) == [] && watched.recorded(.runStarted).isEmpty)
  }

  @Test("Armed, it is announced and starts after the grace period, in the incident of the breach, fired by the monitor")
  func fires() async throws {
    let watched = try watched()
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let watch = try watched.start("monitor")
    try await eventually("it is announced") { watch.stderr.contains("unless somebody stops it") }
    #expect(!watched.isStopped, "it did not wait")
    #expect(watch.stderr.contains("andon playbook disarm stop-all --env test"))
    try await eventually("it has run") { watch.stderr.contains("RUN-1 done") }
    #expect(watched.isStopped)
    watch.kill(SIGTERM)
    #expect(try await watch.wait().code == 143)

    let run = try Record(await watched.andon("show", "RUN-1", "--json"))
    #expect(run["run", "state"] == "done" && run["run", "incident"] == "INC-1")
    #expect(try await watched.andon("show", "RUN-1").stdout.contains("monitor load"))
    #expect(try stages(watched) == ["announced", "started"])
    let due = try #require(Timestamp(watched.recorded(.playbookFiring)[0]["due"]?.displayText ?? ""))
    let detected = try #require(Timestamp(try await watched.incident()["incident", "milestones", "detected"]))
    #expect(due - detected >= .seconds(1))
    // Nobody has seen it yet: a program does not acknowledge.
    let milestones = try watched.recorded(.milestoneReached).map { $0["milestone"]?.displayText }
    #expect(milestones == ["detected"])
    let timeline = try await watched.andon("timeline", "show", "INC-1")
    #expect(timeline.stdout.contains("stop-all FIRED by monitor load"), "\(timeline)")
  }

  @Test("--once waits out the grace period too; a second breach within the cool-down starts nothing")
  func coolDown() async throws {
    let watched = try watched(grace: "300ms")
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let first = try await watched.andon("monitor", "--once")
    #expect(first.code == 1 && watched.isStopped, "\(first)")
    try FileManager.default.removeItem(atPath: watched.book.folder.file("stopped"))
    try watched.set("1")
    #expect(try await watched.andon("monitor", "--once").code == 0)
    try watched.set("11")
    let second = try await watched.andon("monitor", "--once")
    #expect(second.code == 1 && second.stderr.contains("cools down"), "\(second)")
    #expect(!watched.isStopped)
    #expect(try stages(watched) == ["announced", "started", "called_off"])
    #expect(try watched.recorded(.runStarted).count == 1)
  }

  @Test("Disarming in the grace period stops it, and says who did; it stays disarmed")
  func disarmed() async throws {
    let watched = try watched(grace: "30s")
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let watch = try watched.start("monitor")
    try await eventually("it is announced") { watch.stderr.contains("unless somebody stops it") }
    let disarm = try await watched.andon("playbook", "disarm", "stop-all", "--why", "false alarm")
    #expect(disarm.code == 0 && disarm.stdout.contains("disarmed"), "\(disarm)")
    try await eventually("it is called off") { watch.stderr.contains("does not start: disarmed by dana: false alarm") }
    watch.kill(SIGTERM)
    _ = try await watch.wait()
    #expect(!watched.isStopped)
    #expect(try stages(watched) == ["announced", "called_off"])
    try watched.set("1")
    #expect(try await watched.andon("monitor", "--once").code == 0)
    try watched.set("11")
    #expect(try await watched.andon("monitor", "--once").code == 1)
    #expect(try stages(watched) == ["announced", "called_off"])
  }

  @Test("Recovery in the grace period calls it off; so does Ctrl-C")
  func calledOff() async throws {
    let watched = try watched(grace: "30s")
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let watch = try watched.start("monitor")
    try await eventually("it is announced") { watch.stderr.contains("unless somebody stops it") }
    try watched.set("1")
    try await eventually("it is called off") { watch.stderr.contains("load has recovered") }
    try watched.set("11")
    try await eventually("it is announced again") { try stages(watched).count == 3 }
    watch.kill(SIGINT)
    #expect(try await watch.wait().code == 130)
    #expect(try stages(watched) == ["announced", "called_off", "announced", "called_off"])
    #expect(!watched.isStopped)
  }

  @Test("Ctrl-C while the playbook runs lets it come to its end first")
  func finishes() async throws {
    let watched = try watched(grace: "1ms")
    let trace = watched.book.folder.file("stopped")
    try watched.book.add(
      "stop-all", top: "severity: P0\nkill_switch: {word: STOP}",
      steps: """
        - id: stop
          effect: destructive
          idempotent: true
          timeout: 10s
          command: {run: [sh, -c, "sleep 1; echo yes > \(trace)"]}
          verify: {command: {run: [cat, "\(trace)"]}, until: trim(stdout) == "yes"}
        """)
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let watch = try watched.start("monitor")
    try await eventually("it runs") { try watched.kinds.contains("step.intended") }
    watch.kill(SIGINT)
    let result = try await watch.wait()
    #expect(result.code == 130 && result.stderr.contains("RUN-1 done") && watched.isStopped, "\(result)")
  }

  @Test("A watch that is killed in the grace period starts nothing; the next one announces it anew")
  func orphaned() async throws {
    let watched = try watched(grace: "1s")
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let first = try watched.start("monitor")
    try await eventually("it is announced") { try stages(watched) == ["announced"] }
    first.kill()
    _ = try await first.wait()
    let second = try watched.start("monitor")
    try await eventually("it is announced anew", within: .seconds(40)) { try stages(watched).count == 2 }
    #expect(!watched.isStopped)
    try await eventually("it has run") { watched.isStopped }
    second.kill(SIGTERM)
    #expect(try await second.wait().code == 143)
    #expect(try stages(watched) == ["announced", "announced", "started"])
    #expect(try watched.recorded(.monitorBreached).count == 1)
  }

  @Test("A playbook that was changed after somebody agreed to it is not started")
  func changed() async throws {
    let watched = try watched(grace: "100ms")
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let path = watched.book.folder.file("playbooks/stop-all.yaml")
    try (String(contentsOfFile: path, encoding: .utf8) + "# later\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    let look = try await watched.andon("monitor", "--once")
    #expect(look.code == 1 && look.stderr.contains("has changed since it was armed"), "\(look)")
    #expect(!watched.isStopped)
  }

  @Test("Arming asks for the word and for a time to come; it is shown wherever one looks, and ends by itself")
  func terms() async throws {
    let watched = try watched(grace: "100ms")
    let silent = try await watched.arm()
    #expect(silent.code == 64 && silent.stderr.contains("--confirm STOP"), "\(silent)")
    #expect(try await watched.arm("--confirm", "HALT").code == 2)
    let past = try await watched.andon(
      "playbook", "arm", "stop-all", "--env", "test", "--why", "w", "--until", "2020-01-01T00:00:00Z", "--confirm",
      "STOP")
    #expect(past.code == 64 && past.stderr.contains("over already"), "\(past)")
    #expect(try await watched.andon("playbook", "arm", "stop-all", "--env", "test").code == 64)
    #expect(try watched.kinds == [])

    let brief = try await watched.andon(
      "playbook", "arm", "stop-all", "--env", "test", "--why", "w", "--until", "1ms", "--confirm", "STOP")
    #expect(brief.code == 0 && brief.stdout.contains("ARMED"), "\(brief)")
    #expect(try await watched.andon("monitor", "--once").code == 1)
    #expect(!watched.isStopped, "its time was over")
    #expect(try await !watched.andon("status").stdout.contains("ARMED"))

    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let status = try await watched.andon("status")
    #expect(status.stdout.contains("ARMED (1)") && status.stdout.contains("night shift"), "\(status)")
    let list = try await watched.andon("playbook", "list")
    #expect(list.stdout.contains("ARMED in test until") && list.stdout.contains("dana: night shift"), "\(list)")
    let json = try Record(await watched.andon("status", "--json"))
    #expect(json.json["armed"]?.items.first?["playbook"]?.displayText == "stop-all")
    #expect(try await watched.andon("playbook", "disarm", "stop-all").code == 0)
    #expect(try await !watched.andon("status").stdout.contains("ARMED"))
    let typo = try await watched.andon("playbook", "disarm", "stop-al")
    #expect(typo.code == 64 && typo.stderr.contains("'stop-all'"), "\(typo)")
  }

  @Test("Re-opening is never automatic: what takes back a kill switch is refused, also inside another playbook")
  func reopening() async throws {
    let shipped = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": "/nowhere", "USER": "dana", "ANDON_STATE": try watched().book.state,
    ])
    let refused = try await shipped.run([
      "playbook", "arm", "resume-trading", "--env", "staging", "--why", "w", "--until", "8h", "--confirm", "RESUME",
    ])
    #expect(refused.code == 77 && refused.stderr.contains("re-opening is never automatic"), "\(refused)")

    let watched = try watched()
    try watched.book.add("go-on", top: "inverse: stop-all", steps: "- {id: one, wait: {for: 1ms}}")
    try watched.book.add("disguised", steps: "- {id: one, playbook: {id: go-on}}")
    try watched.book.add(
      "asks-first", top: "prerequisites: [{id: audited, ask: Is it audited?}]", steps: "- {id: one, wait: {for: 1ms}}")
    for (id, reason) in [("go-on", "re-opening"), ("disguised", "re-opening"), ("asks-first", "'audited'")] {
      let result = try await watched.andon("playbook", "arm", id, "--env", "test", "--why", "w", "--until", "8h")
      #expect(result.code == 77 && result.stderr.contains(reason), "\(result)")
    }
    #expect(try watched.kinds == [])
  }

  @Test("Where a channel is named, it is told before anything starts; a channel that is down holds nothing up")
  func announcement() async throws {
    let receiver = try WebhookReceiver()
    let watched = try watched(grace: "600ms")
    func bind(_ url: String) throws {
      try watched.book.folder.write(
        "format: 1\nenvironment: test\nconnections: {ops: {webhook: \"file:\(watched.book.folder.file("hook"))\"}}\n",
        to: "playbooks/environments/test.yaml")
      try watched.book.folder.write(url, to: "hook")
    }
    let path = watched.book.folder.file("playbooks/monitors.yaml")
    try String(contentsOfFile: path, encoding: .utf8).replacing("monitors:\n", with: "announce: ops\nmonitors:\n")
      .write(
        toFile: path, atomically: true, encoding: .utf8)
    try bind(receiver.url)
    #expect(try await watched.arm("--confirm", "STOP").code == 0)
    let look = try await watched.andon("monitor", "--once")
    #expect(look.code == 1 && watched.isStopped, "\(look)")
    #expect(receiver.messages.count == 1 && receiver.messages[0].contains("andon playbook disarm stop-all"), "\(look)")

    let second = try self.watched(grace: "600ms")
    try second.book.folder.write(
      String(contentsOfFile: path, encoding: .utf8).replacing(watched.book.folder.path, with: second.book.folder.path),
      to: "playbooks/monitors.yaml")
    try second.book.folder.write(
      "format: 1\nenvironment: test\nconnections: {ops: {webhook: \"file:\(second.book.folder.file("none"))\"}}\n",
      to: "playbooks/environments/test.yaml")
    #expect(try await second.arm("--confirm", "STOP").code == 0)
    let down = try await second.andon("monitor", "--once")
    #expect(down.code == 1 && second.isStopped && down.stderr.contains("outbox"), "\(down)")
  }
}
