import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The mark of what is armed", .inTurn, .timeLimit(.minutes(40)))
struct ArmedMarkTests {
  private let book: TestPlaybooks
  private let mark = "ARMED stop until "

  init() throws {
    book = try TestPlaybooks()
    try book.folder.write(
      "format: 1\nenvironment: other\nproduction: false\nconnections: {}\n", to: "playbooks/environments/other.yaml")
    try book.add(
      "stop", top: "severity: P0\nkill_switch: {word: STOP}\ntargets: {contain: 10m}",
      steps: """
        - id: one
          name: Stop it
          effect: destructive
          target: contain
          timeout: 60s
          shell: {run: "while [ ! -e '\(book.folder.file("enough"))' ]; do sleep 0.05; done"}
        """)
    try book.add(
      "asks", top: "targets: {answer: 10m}", steps: "- {id: ask, target: answer, manual: {ask: Is it dark?}}")
    try book.add("plain", steps: "- {id: ask, manual: {ask: Is it dark?}}")
    try book.add(
      "slow",
      steps: """
        - id: one
          name: Count the stock
          effect: read
          timeout: 60s
          shell: {run: "while [ ! -e '\(book.folder.file("enough"))' ]; do sleep 0.05; done"}
        """)
  }

  private func arm(_ environment: String = "test", until: String = "8h") async throws {
    let result = try await book.andon(
      "playbook", "arm", "stop", "--env", environment, "--why", "night shift", "--until", until, "--confirm", "STOP")
    #expect(result.code == 0, "\(result)")
  }

  private func disarm() async throws { #expect(try await book.andon("playbook", "disarm", "stop").code == 0) }

  private func isEnough() throws { try book.folder.write("", to: "enough") }

  @Test("The walk has it above each question, and it follows what others arm and disarm while the question stands")
  func walk() async throws {
    let dana = Responder(terminal: try book.terminal("run", "asks"))
    try await dana.sees("answer: ")
    #expect(!dana.terminal.transcript.contains("ARMED"))
    try await arm()
    // The pinned line is rewritten: the cursor goes up to it and comes back.
    try await dana.sees("\u{1B}[31;1mARMED\u{1B}[0m stop until ")
    try await dana.sees("answer 10:00 [")
    try await dana.sees("\u{1B}]2;ARMED stop until ")
    try await disarm()
    try await eventually("the line is the clock alone again") {
      let last = dana.terminal.transcript.split(separator: "\u{1B}7").last ?? ""
      return last.contains("answer 10:00 [") && !last.contains("ARMED")
    }
    dana.terminal.send("q")
    let screen = try await dana.ends(4)
    #expect(!screen.contains("disarmed"), "it was told a second time: \(screen)")
  }

  @Test("Without a clock there is no line to rewrite: what is armed is told above the question, and asked again")
  func withoutClock() async throws {
    let dana = Responder(terminal: try book.terminal("run", "plain"))
    try await dana.sees("answer: ")
    try await arm()
    try await dana.sees("ARMED    stop until ")
    try await dana.sees("by tester@")
    try await dana.sees("answer: ")
    dana.terminal.send("q")
    try await dana.ends(4)
  }

  @Test("Where nothing is rewritten, each change is a line", arguments: [["TERM": "dumb"], ["ACCESSIBLE": "1"]])
  func plain(variables: [String: String]) async throws {
    try await arm()
    let dana = Responder(
      terminal: try book.terminal(["run", "asks"], changing: variables.merging(["NO_COLOR": "1"]) { $1 }))
    try await dana.sees("ARMED    stop until ")
    try await dana.sees(mark)
    try await dana.sees("answer: ")
    try await disarm()
    try await dana.sees("  disarmed stop")
    try await dana.sees("answer: ")
    try await arm(until: "2s")
    try await dana.sees("ARMED    stop until ")
    try await dana.sees("disarmed stop: its time is over")
    dana.terminal.send("q")
    let screen = try await dana.ends(4)
    #expect(!screen.contains("\u{1B}7"), "a line was rewritten")
  }

  @Test("While a step runs the moving line has it; the end says it; a run elsewhere says nothing")
  func running() async throws {
    try await arm("other")
    let elsewhere = Responder(terminal: try book.terminal("run", "slow"))
    try await elsewhere.sees("running  00:0")
    try await arm()
    try await elsewhere.sees("ARMED    stop until ")
    try await elsewhere.sees("  \(mark)")
    try isEnough()
    let screen = try await elsewhere.ends(0)
    #expect(screen.contains("by tester@") && screen.components(separatedBy: "night shift").count == 2, "\(screen)")
    #expect(screen.suffix(400).contains(mark), "\(screen)")
    try await disarm()
    let result = try await book.run("slow")
    #expect(!result.stdout.contains("ARMED"), "\(result)")
  }

  @Test("The kill switch shows it before the word is typed, an unattended run in its heading")
  func killSwitch() async throws {
    try await arm()
    let dana = Responder(terminal: try book.terminal("pull", "stop", "--env", "test"))
    try await dana.sees(mark)
    try await dana.answers("STOP to confirm: ", "no")
    try await dana.ends(2)
    try isEnough()
    let result = try await book.andon("pull", "stop", "--env", "test", "--confirm", "STOP")
    #expect(result.code == 0, "\(result)")
    let lines = result.stdout.split(separator: "\n").map(String.init)
    let heading = try #require(lines.firstIndex { $0.hasPrefix("RUN-1 stop") })
    #expect(lines[heading + 1].hasPrefix("  ARMED    stop until "), "\(result)")
    #expect(try await book.andon("status").stdout.contains("ARMED (1)"))
  }

  @Test("Whoever watches sees it too, and when it is over")
  func watching() async throws {
    try await arm()
    let run = try AndonProgram(environment: book.environment).start(["run", "slow", "--auto"])
    try await eventually("it has begun") { run.stdout.contains("RUN-1") || run.stderr.contains("Count the stock") }
    let watch = try AndonProgram(environment: book.environment).start(["watch", "RUN-1"])
    let lines = try AndonProgram(environment: book.environment).start(["watch", "RUN-1", "--jsonl"])
    try await eventually("it is shown") { watch.stdout.contains("ARMED    stop until ") }
    try await disarm()
    try await eventually("its end is shown") { watch.stdout.contains("disarmed stop") }
    try isEnough()
    #expect(try await run.wait().code == 0)
    #expect(try await watch.wait().code == 0)
    let events = try await lines.wait()
    #expect(events.code == 0 && !events.stdout.contains("ARMED"), "\(events)")
  }

  @Test("In 40 columns mark and clock share the line, and no row is wider")
  func narrow() async throws {
    try await arm()
    let terminal = try Terminal(
      [AndonProgram.path, "run", "asks"], environment: book.environment.merging(["NO_COLOR": "1"]) { $1 }, columns: 40)
    let dana = Responder(terminal: terminal)
    try await dana.sees("answer: ")
    let row = try #require(terminal.transcript.split(whereSeparator: \.isNewline).first { $0.hasPrefix("ARMED") })
    #expect(String(row).displayWidth < 40 && row.contains("answer "), "\(row)")
    terminal.send("q")
    try await dana.ends(4)
  }
}
