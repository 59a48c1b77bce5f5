import Foundation
import IncidentModel
import TestSupport
import Testing

/// Fifty secrets through everything that Andon does, and a search of everything that it leaves behind.
@Suite("No secret stands anywhere in any form", .alone, .needsDatabase, .timeLimit(.minutes(40)))
struct CanaryTests {
  @Test("Every kind of step with fifty secrets, as it works, fails and runs out of time: no trace of any")
  func everyStep() async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.everything(cage))
    let run = try cage.start("run", "everything", "--auto", "--yes", "-v", "--on-failure", "continue")
    let watch = ProcessWatch(run.pid)
    let result = try await run.wait(within: .seconds(240))
    let seen = watch.stop()
    #expect(result.code == 1, "\(result)")
    try cage.keep(result, of: "run")
    try cage.keep(seen)
    #expect(seen.descendants.count >= 50, "\(seen.descendants.count) processes were seen")

    // Each step got as far as it was meant to, so that there was something to leak.
    let record = try Record(await cage.andon("show", "RUN-1", "--json"))
    for bird in cage.canaries.birds {
      #expect(record.step("utter-\(bird.name)").state == "done", "\(record.step("utter-\(bird.name)").json)")
    }
    let ends = [
      "rows": "done", "refused": "failed", "clipped": "failed", "echoed": "done", "denied": "failed",
      "told": "done", "sampled": "done", "checked": "done", "stated": "failed", "child": "done",
      "titled": "done", "exposed": "failed",
    ]
    for (step, state) in ends {
      #expect(record.step(step).state == state, "\(step): \(record.step(step).json.jsonText.prefix(2000))")
    }
    for step in ["hangs", "slow"] { #expect(["failed", "unknown"].contains(record.step(step).state), "\(step)") }
    #expect(try cage.database.value("SELECT count(*) FROM vault") == "0")
    #expect(cage.hook.messages.count == 1)
    try cage.keep(cage.hook.messages.joined(), as: "message")

    try await cage.readEverything(runs: 2)
    let findings = try await cage.search()
    findings.expectNone()
    let json = try JournalFile(path: "\(cage.state)/journal.db").entries.map(\.body).joined()
    #expect(json.components(separatedBy: "[secret:").count > 500)
    Figures.record(
      [
        "secrets": cage.canaries.birds.count + 1, "forms searched": findings.forms, "files": findings.files,
        "bytes": findings.bytes, "looks at all arguments": seen.samples, "looks per second": seen.rate,
        "processes seen": seen.descendants.count, "found": findings.hits.count,
      ],
      promise: "A secret stands nowhere but in the step that needs it",
      attack: "50 secrets of every shape printed in every form by every kind of step; a search of argv, environments, "
        + "journal and its log, reports, streams, messages, temporary files", in: "Secrets")
  }

  @Test(
    "Whatever ends Andon while it holds fifty secrets leaves none behind, and no core file",
    arguments: [9, 15, 2])
  func ended(signal: Int32) async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.long(cage))
    let run = try RunningProgram(
      ["/usr/bin/prlimit", "--core=unlimited:unlimited", AndonProgram.path, "run", "long", "--auto", "--yes"],
      environment: cage.variables, directory: cage.folder.path)
    let watch = ProcessWatch(run.pid)
    try await eventually("the last step waits") { FileManager.default.fileExists(atPath: cage.folder.file("waiting")) }
    let limits = try String(contentsOfFile: "/proc/\(run.pid)/limits", encoding: .utf8)
    let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
    #expect(core.split(separator: " ").dropFirst(4).prefix(2).allSatisfy { $0 == "0" }, "\(core)")
    // Its log is full of what has just been recorded.
    try cage.copyState(to: "before")
    run.kill(signal)
    let result = try await run.wait()
    try cage.keep(watch.stop())
    #expect(result.code != 0)
    try cage.keep(result, of: "killed")
    let cores = try FileManager.default.contentsOfDirectory(atPath: cage.folder.path).filter { $0.hasPrefix("core") }
    #expect(cores.isEmpty)
    let resumed = try await cage.andon("resume", "--auto", "--yes")
    try cage.keep(resumed, of: "resume")
    try await cage.readEverything(runs: 1)
    let findings = try await cage.search()
    findings.expectNone()
    Figures.record(
      ["files": findings.files, "bytes": findings.bytes, "found": findings.hits.count],
      promise: "A secret stands nowhere but in the step that needs it",
      attack: "signal \(signal) while fifty secrets are held, then resume", in: "Secrets")
  }

  @Test("Another user cannot look into the process that holds the secrets")
  func undumpable() async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.idle(cage))
    for path in ["", "/playbooks", "/playbooks/environments", "/tmp"] {
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: cage.folder.path + path)
    }
    for file in ["playbooks/idle.yaml", "playbooks/environments/test.yaml"] {
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: cage.folder.file(file))
    }
    // Of a process that may be looked into, these files belong to its own user.
    let run = try RunningProgram(
      [
        "/usr/bin/setpriv", "--reuid", "65534", "--clear-groups", AndonProgram.path, "run", "idle", "--auto", "--yes",
      ], environment: cage.variables, directory: cage.folder.path)
    try await eventually("the step waits") { FileManager.default.fileExists(atPath: cage.folder.file("waiting")) }
    let attributes = try FileManager.default.attributesOfItem(atPath: "/proc/\(run.pid)/environ")
    #expect(attributes[.ownerAccountID] as? Int == 0)
    let status = try String(contentsOfFile: "/proc/\(run.pid)/status", encoding: .utf8)
    #expect(status.contains("Uid:\t65534"))
    run.kill()
    _ = try await run.wait()
  }

  @Test(
    "Every way of showing a run, and a run that only shows",
    arguments: [
      ["-v"], ["--json"], ["--jsonl"], ["--plain", "--utc"], ["-q"], ["-n"], ["-n", "--json"],
    ])
  func everyView(flags: [String]) async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.brief(cage))
    let run = try cage.start(["run", "brief", "--auto", "--yes", "--on-failure", "continue"] + flags)
    let watch = ProcessWatch(run.pid)
    let result = try await run.wait()
    try cage.keep(watch.stop())
    try cage.keep(result, of: "run")
    if !flags.contains("-n") { #expect(result.code == 1, "\(result)") }
    if flags == ["--json"] { #expect((try? Value.json(Data(result.stdout.utf8))) != nil) }
    if flags == ["--jsonl"] {
      for line in result.stdout.split(separator: "\n") { #expect((try? Value.json(Data(line.utf8))) != nil, "\(line)") }
    }
    try await cage.search().expectNone()
  }

  @Test("What people type: a hidden param, answers, titles, reasons, notes, a file of params")
  func typed() async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.asking(cage))
    let code = "Hidden \(UUID().uuidString)"
    // What a program prints is known from the first step on that asks for it, and here none does.
    let known = cage.canaries.birds.filter { !$0.reference.hasPrefix("command:") }
    let answers = known.filter { bird in
      bird.value.utf8.count < 300 && bird.value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F }
        && bird.value.first != " " && bird.value.utf8.count >= 8
    }
    let terminal = try Terminal(
      [AndonProgram.path, "run", "asking", "--yes"], environment: cage.variables, directory: cage.folder.path)
    let watch = ProcessWatch(terminal.program.pid)
    #expect(try await terminal.expect("code: "), "\(terminal.transcript)")
    terminal.send(code)
    for answer in answers.prefix(3) {
      #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
      terminal.send(answer.value)
    }
    let result = try await terminal.wait()
    #expect(result.code == 0, "\(result)")
    try cage.keep(watch.stop())
    #expect(!terminal.transcript.contains(code))

    // A line of it is no pair: it may be the rest of a secret.
    let file = try cage.folder.write("code=\(code)\n\(answers[4].value)no pair\n", to: "params")
    let refused = try await cage.andon("run", "asking", "--auto", "--var-file", file)
    #expect(refused.code == 64 && refused.output.contains("line 2"), "\(refused)")
    try cage.keep(refused, of: "var-file")

    // These stand in the arguments by the will of whoever types them; they are looked for everywhere else.
    for (number, answer) in answers.enumerated() where answer.value.first != "-" && answer.value.count < 200 {
      let commands: [[String]] =
        switch number % 4 {
        case 0:
          [["incident", "open", "about \(answer.value) again", "--severity", "P2", "--why", "as \(answer.value)"]]
        case 1: [["incident", "edit", "INC-1", "--title", answer.value]]
        case 2: [["note", "INC-1", "saw \(answer.value)"], ["timeline", "add", "INC-1", answer.value]]
        default: [["incident", "followup", "add", "INC-1", "change \(answer.value)"], ["acknowledge", answer.value]]
        }
      for command in commands {
        try cage.keep(try await cage.andon(command), of: command.joined(separator: " ").prefix(12) + "\(number)")
      }
    }
    let all = known.map(\.value).joined(separator: "\n")
    let noted = try await AndonProgram(environment: cage.variables).run(["note", "INC-1", "-"], input: all)
    #expect(noted.code == 0, "\(noted)")
    try await cage.readEverything(runs: 1)
    try await cage.search(also: ["code": code]).expectNone()
  }

  @Test("A program gets no secret that its step does not name")
  func bystanders() async throws {
    let cage = try Cage()
    try cage.add(CanaryPlaybook.bystanders(cage))
    let run = try cage.start("run", "bystanders", "--auto", "--yes")
    let watch = ProcessWatch(run.pid)
    let result = try await run.wait()
    #expect(result.code == 0, "\(result)")
    let seen = watch.stop()
    #expect(seen.environments.count >= 2, "\(seen.environments.count) environments were seen")
    try cage.keep(seen, environments: true)
    let record = try await Record(cage.andon("show", "RUN-1", "--step", "environment", "--json"))
    #expect(record.json.jsonText.contains("ANDON_MARK="), "the step printed its environment")
    try await cage.search().expectNone()
  }
}
