import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Watching", .inTurn, .timeLimit(.minutes(40)))
struct WatchCommandTests {
  private let book: TestPlaybooks
  private let andon: AndonProgram

  init() throws {
    book = try TestPlaybooks()
    andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": book.folder.path, "USER": "watcher", "ANDON_STATE": book.state,
      "ANDON_PLAYBOOKS": book.folder.file("playbooks"), "ANDON_ENV": "test", "LANG": "C.UTF-8",
    ])
    // Its second step lasts until the test says that it is enough.
    try book.add(
      "slow", top: "severity: P2",
      steps: """
        - id: first
          name: Count the stock
          effect: read
          shell: {run: "echo 12"}
          timeout: 10s
        - id: second
          name: Wait for the lorry
          effect: read
          shell: {run: "while [ -d '\(book.folder.path)' ] && [ ! -e '\(book.folder.file("lorry"))' ]; do sleep 0.05; done"}
          timeout: 60s
        - id: third
          name: Close the gate
          effect: read
          shell: {run: "echo closed"}
          timeout: 10s
        """)
    try book.add("asks", top: "severity: P2", steps: "- id: ask\n  name: Look outside\n  manual: {ask: Is it dark?}")
  }

  private func lorryComes() throws { try book.folder.write("", to: "lorry") }

  private func startSlowRun() async throws -> RunningProgram {
    let run = try andon.start(["run", "slow", "--auto", "--yes"])
    try await eventually("the second step has begun") { run.stdout.contains("Count the stock") }
    return run
  }

  @Test("What has happened comes at once, each event as it is recorded, and the end of the run ends it")
  func live() async throws {
    let run = try await startSlowRun()
    let watch = try andon.start(["watch", "RUN-1"])
    try await eventually("what has happened so far") { watch.stdout.contains("Count the stock") }
    #expect(!watch.stdout.contains("Close the gate") && watch.isRunning)
    #expect(try await andon.run(["note", "RUN-1", "the lorry is late"]).code == 0)
    try await eventually("the note arrives") { watch.stdout.contains("the lorry is late") }
    #expect(try await andon.run(["status"]).stdout.contains("andon watch RUN-1"))
    try lorryComes()
    #expect(try await run.wait().code == 0)
    let result = try await watch.wait()
    #expect(result.code == 0, "\(result)")
    #expect(result.stdout.contains("Close the gate") && result.stdout.contains("RUN-1 ended: done"), "\(result)")
    #expect(try await andon.run(["journal", "verify"]).code == 0)
  }

  @Test("--jsonl gives the events of the run, one a line, exactly those that are in the journal")
  func lines() async throws {
    let run = try await startSlowRun()
    let watch = try andon.start(["watch", "--jsonl"])
    try await eventually("it has begun") { !watch.stdout.isEmpty }
    try lorryComes()
    #expect(try await run.wait().code == 0)
    let result = try await watch.wait()
    #expect(result.code == 0, "\(result)")
    let journal = try JournalFile(path: "\(book.state)/journal.db").entries.map(\.body)
    #expect(
      result.stdout.split(separator: "\n").map(String.init) == journal.filter { $0.contains("\"run\":\"RUN-1\"") })
  }

  @Test("Ctrl-C ends the watching with 130 and leaves the run alone, and nothing behind")
  func interrupted() async throws {
    let run = try await startSlowRun()
    let before = try JournalFile(path: "\(book.state)/journal.db").entries.count
    let terminal = try Terminal([AndonProgram.path, "watch"], environment: andon.environment)
    #expect(try await terminal.expect("Count the stock"))
    terminal.program.kill(SIGINT)
    #expect(try await terminal.wait().code == 130)
    #expect(run.isRunning)
    #expect(try JournalFile(path: "\(book.state)/journal.db").entries.count == before)
    try lorryComes()
    #expect(try await run.wait().code == 0)
    #expect(!FileManager.default.fileExists(atPath: "\(book.state)/journal.db-wal"), "the journal is not one file")
  }

  @Test("Nothing to watch, several things to watch, or something that is not there: 64 and what to type")
  func choosing() async throws {
    let run = try await startSlowRun()
    #expect(try await book.run("asks").code == 4)
    let several = try await andon.run(["watch"])
    #expect(several.code == 64 && several.stderr.contains("RUN-1, RUN-2"), "\(several)")
    for wrong in [["watch", "RUN-9"], ["watch", "INC-9"], ["watch", "slow"], ["watch", "RUN-1", "--json"]] {
      let result = try await andon.run(wrong)
      #expect(result.code == 64 && !result.stderr.isEmpty, "\(wrong): \(result)")
    }
    try lorryComes()
    #expect(try await run.wait().code == 0)
  }

  @Test("A run whose process dies is said to be driven by nobody, with what to type")
  func death() async throws {
    let run = try await startSlowRun()
    let watch = try andon.start(["watch", "RUN-1"])
    try await eventually("it has begun") { watch.stdout.contains("Count the stock") }
    run.kill()
    _ = try await run.wait()
    try await eventually("the death is noticed") { watch.stderr.contains("andon resume RUN-1") }
    #expect(watch.isRunning)
  }

  @Test("An incident is watched over all its runs; a parked run says how to go on")
  func incident() async throws {
    #expect(try await book.run("asks").code == 4)
    let watch = try andon.start(["watch", "INC-1"])
    try await eventually("the parked run") { watch.stdout.contains("RUN-1 parked") }
    try await eventually("how to go on") { watch.stderr.contains("andon resume RUN-1") }
    #expect(try await andon.run(["note", "INC-1", "it is dark"]).code == 0)
    try await eventually("the note arrives") { watch.stdout.contains("it is dark") }
    #expect(watch.isRunning)
  }

  @Test(
    "Somebody who may only read the journal can watch, and no copy of it is left behind",
    .enabled(if: geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/bin/setpriv")))
  func readOnly() async throws {
    let run = try await startSlowRun()
    for name in try FileManager.default.subpathsOfDirectory(atPath: book.state) + [""] {
      let path = "\(book.state)/\(name)"
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      try FileManager.default.setAttributes(
        [.posixPermissions: isFolder.boolValue ? 0o755 : 0o644], ofItemAtPath: path)
    }
    let scratch = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: scratch.path)
    let environment = andon.environment.merging(["TMPDIR": scratch.path]) { $1 }
    let watch = try RunningProgram(
      ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", AndonProgram.path, "watch", "RUN-1"],
      environment: environment)
    try await eventually("what has happened so far") { watch.stdout.contains("Count the stock") }
    try lorryComes()
    #expect(try await run.wait().code == 0)
    let result = try await watch.wait()
    #expect(result.code == 0 && result.stdout.contains("RUN-1 ended: done"), "\(result)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }
}
