import Foundation
import Glibc
import TestSupport
import Testing

@Suite("While a step runs", .alone, .timeLimit(.minutes(40)))
struct InterruptionTests {
  @Test(
    "Ctrl-C once stops the step and nothing else: nothing of it goes on, and the person is asked how to go on",
    arguments: LongWork.Kind.allCases)
  func once(_ kind: LongWork.Kind) async throws {
    let work = try LongWork(kind)
    let terminal = try await work.begin()
    let pressed = ContinuousClock.now
    terminal.interrupt()
    #expect(try await terminal.expect("stopping this step", within: .seconds(3)), "\(terminal.transcript)")
    #expect(try await terminal.expect(kind.question, within: .seconds(10)), "\(terminal.transcript)")
    #expect(terminal.transcript.hasSuffix(kind.question), "something is written over the question")
    let took = ContinuousClock.now - pressed
    // One that does not listen has its five seconds, and no more.
    #expect(kind == .stubborn ? took > .seconds(4) && took < .seconds(9) : took < .seconds(4.5), "\(took)")
    #expect(work.children == 0, "something of it goes on")
    #expect(try await work.playbooks.record().step("step").state == kind.stateAfter)
    terminal.sendEOF()
    let result = try await terminal.wait()
    #expect(result.code == (["unknown", "failed"].contains(kind.stateAfter) ? 1 : 4), "\(result)")
    #expect(result.stdout.contains("Next:  andon resume RUN-1"), "\(result)")
  }

  @Test(
    "Ctrl-C twice leaves at once with 130, the step is unknown or still to be done, and resume comes back to it",
    arguments: [.command, .stubborn, .family, .post, .watch, .pause, .check, .checkByHand, .child] as [LongWork.Kind])
  func twice(_ kind: LongWork.Kind) async throws {
    let work = try LongWork(kind)
    let terminal = try await work.begin()
    let pressed = ContinuousClock.now
    terminal.interrupt()
    #expect(try await terminal.expect("Ctrl-C again ends it at once and leaves"), "\(terminal.transcript)")
    try await insist(on: terminal)
    let result = try await terminal.wait()
    #expect(result.code == 130, "\(result)")
    #expect(ContinuousClock.now - pressed < .seconds(4.5), "it waited for the grace of the first one")
    #expect(result.stdout.contains("exit 130") && result.stdout.contains("Next:  andon resume RUN-1"), "\(result)")
    #expect(work.children == 0, "something of it goes on")
    let step = try await work.playbooks.record().step("step")
    #expect([kind.stateAfter, "pending", "running"].contains(step.state), "\(step)")
    work.takeEffect()
    let next = try work.playbooks.terminal("resume")
    try await expectToGoOn(kind, on: next)
    #expect([0, 3].contains(try await work.playbooks.andon("journal", "verify").code))
  }

  /// Presses Ctrl-C until it is gone. One that is still on its way to the program when a question begins is dropped by
  /// the kernel, with all that was typed ahead of the question.
  private func insist(on terminal: Terminal) async throws {
    for _ in 1...5 where terminal.program.isRunning {
      terminal.interrupt()
      let next = ContinuousClock.now + .milliseconds(400)
      while terminal.program.isRunning, ContinuousClock.now < next { try await Task.sleep(for: .milliseconds(5)) }
    }
  }

  /// What a run that was taken up does about the step.
  private func expectToGoOn(_ kind: LongWork.Kind, on terminal: Terminal) async throws {
    let texts: [String] =
      switch kind {
      case .command, .stubborn, .family, .post: ["asking   what became of it", "UNKNOWN", "choice: "]
      case .check: ["asking   what became of it", "seems to have worked", "choice: "]
      case .watch, .get, .wait, .child, .secondCheck, .pause: ["taken up"]
      case .checkByHand: ["taken up", "answer: "]
      }
    for text in texts { #expect(try await terminal.expect(text), "no '\(text)':\n\(terminal.transcript)") }
    if texts == ["taken up"] { #expect(try await terminal.expectRunning(), "\(terminal.transcript)") }
  }

  enum Blow: String, CaseIterable, Sendable {
    case politeKill, closedTerminal, kill

    var code: Int32 { [.politeKill: 143, .closedTerminal: 129, .kill: -9][self] ?? 0 }
  }

  @Test(
    "A polite kill, a closed terminal and kill -9 lose nothing: another terminal takes the run up and asks the world",
    arguments: Blow.allCases, [.command, .check, .checkByHand] as [LongWork.Kind])
  func blow(_ blow: Blow, _ kind: LongWork.Kind) async throws {
    let work = try LongWork(kind)
    let terminal = try await work.begin()
    switch blow {
    case .politeKill: terminal.program.kill(SIGTERM)
    case .closedTerminal: terminal.hangUp()
    case .kill: terminal.program.kill()
    }
    let result = try await terminal.wait(within: .seconds(20))
    #expect(result.code == blow.code, "\(result)")
    let run = try await work.playbooks.record()
    #expect(run["run", "state"] == (blow == .kill ? "running" : "waiting"))
    if blow != .kill { #expect(work.children == 0, "something of it goes on") }
    work.takeEffect()
    let next = try work.playbooks.terminal("resume")
    try await expectToGoOn(kind, on: next)
    #expect(work.children == 0, "what the lost process had started was not ended before the world was asked")
    next.sendEOF()
    #expect([1, 4].contains(try await next.wait().code))
    #expect([0, 3].contains(try await work.playbooks.andon("journal", "verify").code))
  }

  @Test("A kill switch outlives its terminal: what it began is done, and what is left to a person waits")
  func killSwitch() async throws {
    let playbooks = try TestPlaybooks()
    let folder = playbooks.folder
    let (gate, done) = (folder.file("gate"), folder.file("done"))
    try playbooks.add(
      "stop", top: "kill_switch: {word: STOP}",
      steps: """
        - {id: stop, shell: {run: "echo begun; while [ ! -e \(gate) ]; do sleep 0.05; done; touch \(done)"}}
        - {id: tell, manual: {ask: Who knows?, answer: {type: text}}}
        """)
    let terminal = try playbooks.terminal("pull", "stop")
    #expect(try await terminal.expect("STOP to confirm: "), "\(terminal.transcript)")
    terminal.send("STOP")
    #expect(try await terminal.expect("begun", within: .seconds(20)), "\(terminal.transcript)")
    terminal.hangUp()
    try folder.write("", to: "gate")
    let result = try await terminal.wait(within: .seconds(30))
    #expect(result.code == 4, "\(result)")
    #expect(FileManager.default.fileExists(atPath: done))
    let run = try await playbooks.record()
    #expect(run["run", "state"] == "waiting")
    #expect(run.step("stop").state == "done")
    #expect(run.step("tell").state == "waiting")
  }

  @Test("Unattended, the first Ctrl-C ends what runs and leaves; the second does not wait for a child that will not go")
  func unattended() async throws {
    let work = try LongWork(.stubborn)
    let terminal = try work.playbooks.terminal("run", "long", "--yes", "--auto")
    try await work.untilUnderWay(on: terminal)
    let pressed = ContinuousClock.now
    terminal.interrupt()
    #expect(try await terminal.expect("stopping what runs; the run stays open"), "\(terminal.transcript)")
    terminal.interrupt()
    let result = try await terminal.wait()
    #expect(result.code == 130, "\(result)")
    #expect(ContinuousClock.now - pressed < .seconds(4.5), "\(result)")
    #expect(work.children == 0)
    #expect(try await work.playbooks.record().step("step").state == "unknown")
  }

  @Test(
    "Ctrl-C while a statement runs: the server forgets it, nothing of it is committed, and it is asked about again",
    .needsDatabase, arguments: [1, 2])
  func statement(presses: Int) async throws {
    let database = try ScratchDatabase()
    let playbooks = try TestPlaybooks(
      connections: "{db: {postgres: 'env:DB'}}", variables: ["DB": database.url])
    try playbooks.add(
      "long", top: "connections: [db]",
      steps: """
        - id: step
          sql:
            connection: db
            run: UPDATE trades_config SET value = 'off' WHERE key = 'TRADES_ENABLED' AND pg_sleep(60) IS NOT NULL
            expect: {rows: 1}
          timeout: 90s
        """)
    let terminal = try playbooks.terminal("run", "long", "--yes")
    let sleeping = """
      SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'
      """
    try await eventually("the statement runs") { try database.value(sleeping) == "1" }
    terminal.interrupt()
    #expect(try await terminal.expect("stopping this step"), "\(terminal.transcript)")
    if presses == 1 {
      #expect(try await terminal.expect("choice: "), "\(terminal.transcript)")
      terminal.sendEOF()
    } else {
      try await insist(on: terminal)
    }
    let result = try await terminal.wait()
    #expect(presses == 2 ? result.code == 130 : [1, 4].contains(result.code), "\(result)")
    #expect(try database.value(sleeping) == "0", "the server still works on it")
    #expect(try database.tradesEnabled == "true")
    let next = try playbooks.terminal("resume")
    #expect(try await next.expect("RUN-1 taken up"), "\(next.transcript)")
  }
}
