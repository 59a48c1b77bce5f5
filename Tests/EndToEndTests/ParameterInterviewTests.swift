import Foundation
import Glibc
import IncidentModel
import TestSupport
import Testing

@Suite("A guided run asks for what it was not given", .inTurn, .timeLimit(.minutes(40)))
struct ParameterInterviewTests {
  private func book(params: String, steps: String = "- {id: a, wait: {for: 1ms}}") throws -> TestPlaybooks {
    let book = try TestPlaybooks()
    try book.add("asks", top: "params:\n\(params)", steps: steps)
    return book
  }

  private func terminal(_ book: TestPlaybooks, _ more: String...) throws -> Terminal {
    try Terminal(
      [AndonProgram.path, "run", "asks"] + more,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": book.folder.path, "USER": "tester", "ANDON_STATE": book.state,
        "ANDON_PLAYBOOKS": book.folder.file("playbooks"), "ANDON_ENV": "test", "LANG": "C.UTF-8",
      ])
  }

  /// As the record has them.
  private func params(_ book: TestPlaybooks) throws -> Value {
    let entries = try JournalFile(path: "\(book.state)/journal.db").entries
    let start = try #require(entries.first { $0.body.contains("\"run.started\"") })
    return try #require(try Value.json(Data(start.body.utf8))["details"]?["params"])
  }

  private func expectNothingRecorded(_ book: TestPlaybooks, _ location: Testing.SourceLocation = #_sourceLocation) {
    #expect(!FileManager.default.fileExists(atPath: "\(book.state)/journal.db"), sourceLocation: location)
  }

  /// Whether a terminal shows what is typed into it.
  private func echoes(_ path: String) throws -> Bool {
    let descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    defer { close(descriptor) }
    var settings = termios()
    try #require(tcgetattr(descriptor, &settings) == 0)
    return settings.c_lflag & tcflag_t(ECHO) != 0
  }

  private func path(of terminal: Terminal) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(terminal.program.pid)/fd/0")
  }

  @Test("it asks the playbook's question with the form of the answer, and the run has what was typed")
  func asks() async throws {
    let book = try book(params: "  report: {type: text, required: true, ask: \"What is wrong, in one line?\"}")
    let terminal = try terminal(book)
    #expect(try await terminal.expect("What is wrong, in one line?"), "\(terminal.transcript)")
    #expect(try await terminal.expect("a text   [q] quit\r\nreport: "), "\(terminal.transcript)")
    expectNothingRecorded(book)
    terminal.send("  the site is down ")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    #expect(try params(book)["report"] == .text("the site is down"))
  }

  @Test("a value that does not fit is told with the reason and asked for again; Enter alone does nothing")
  func asksAgain() async throws {
    let book = try book(
      params: """
          count: {type: integer, required: true, min: 1, max: 5, ask: How many?}
          side: {type: choice, choices: [buy, sell], required: true, ask: Which side?}
          sure: {type: bool, required: true, ask: Are you sure?}
        """)
    let terminal = try terminal(book)
    #expect(try await terminal.expect("a whole number, 1 to 5   [q] quit\r\ncount: "), "\(terminal.transcript)")
    for (typed, reply) in [
      ("", "Enter alone does nothing"), ("many", "'count' must be a whole number, but is 'many'"),
      ("6", "'count' must be at most 5, but is '6'"),
    ] {
      terminal.send(typed)
      #expect(try await terminal.expect(reply), "\(terminal.transcript)")
      #expect(try await terminal.expect("count: "), "\(terminal.transcript)")
    }
    terminal.send("3")
    #expect(try await terminal.expect("buy | sell   [q] quit\r\nside: "), "\(terminal.transcript)")
    terminal.send("by")
    #expect(
      try await terminal.expect("'side' must be one of: buy, sell, but is 'by'\r\ndid you mean 'buy'?"),
      "\(terminal.transcript)")
    #expect(try await terminal.expect("side: "), "\(terminal.transcript)")
    terminal.send("buy")
    #expect(try await terminal.expect("[y] yes   [n] no   [q] quit\r\nsure: "), "\(terminal.transcript)")
    terminal.send("y")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    let params = try params(book)
    #expect(params["count"] == .number(3))
    #expect(params["side"] == .text("buy"))
    #expect(params["sure"] == .bool(true))
  }

  @Test("the second line of a paste does not answer the next question")
  func pasted() async throws {
    let book = try book(
      params: """
          one: {type: text, required: true, ask: First?}
          two: {type: text, required: true, ask: Second?}
        """)
    let terminal = try terminal(book)
    #expect(try await terminal.expect("one: "), "\(terminal.transcript)")
    terminal.send("a\nb")
    #expect(try await terminal.expect("two: "), "\(terminal.transcript)")
    terminal.send("c")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    #expect(try params(book)["one"] == .text("a"))
    #expect(try params(book)["two"] == .text("c"))
  }

  @Test("q and the end of input leave with 2, and nothing is recorded", arguments: ["q", nil])
  func leaves(_ typed: String?) async throws {
    let book = try book(params: "  report: {type: text, required: true, ask: What is wrong?}")
    let terminal = try terminal(book)
    #expect(try await terminal.expect("report: "), "\(terminal.transcript)")
    if let typed { terminal.send(typed) } else { terminal.sendEOF() }
    let result = try await terminal.wait()
    #expect(result.code == 2, "\(result)")
    #expect(result.stdout.contains("nothing was recorded"))
    expectNothingRecorded(book)
  }

  @Test("what is given is not asked for, what has a default is shown, and what is optional can be left out")
  func asksNoMore() async throws {
    let book = try book(
      params: """
          given: {type: text, required: true, ask: First?}
          watch: {type: duration, default: 30m, ask: How long?}
          link: {type: url, ask: Where is it?}
        """)
    let terminal = try terminal(book, "--var", "given=x")
    #expect(try await terminal.expect("How long?  30m   (change it: --var watch=…)"), "\(terminal.transcript)")
    #expect(try await terminal.expect("[-] leave it out   [q] quit\r\nlink: "), "\(terminal.transcript)")
    terminal.send("-")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    #expect(!terminal.transcript.contains("First?"))
    let params = try params(book)
    #expect(params["given"] == .text("x"))
    #expect(params["watch"]?.displayText == "30m")
    #expect(params["link"] == nil)
  }

  @Test("what was given wrong is refused before anything is asked")
  func refusesFirst() async throws {
    let book = try book(
      params: "  report: {type: text, required: true, ask: What is wrong?}\n  n: {type: number, ask: How many?}")
    let result = try await terminal(book, "--var", "n=many").wait()
    #expect(result.code == 64, "\(result)")
    #expect(result.stdout.contains("'n' must be a number") && !result.stdout.contains("What is wrong?"), "\(result)")
    expectNothingRecorded(book)
  }

  @Test("a secret does not show while it is typed, is on no record, and the terminal shows the next words again")
  func hidesSecrets() async throws {
    let pin = "hunter2-canary"
    let book = try book(
      params: """
          pin: {type: text, secret: true, required: true, pattern: "hunter2-[a-z]+", ask: The PIN?}
          next: {type: text, required: true, ask: And then?}
        """, steps: "- {id: a, assert: {that: params.pin == \"\(pin)\"}}".replacing("\"", with: "'"))
    let terminal = try terminal(book)
    #expect(try await terminal.expect("not shown while you type   [q] quit\r\npin: "), "\(terminal.transcript)")
    let path = try path(of: terminal)
    #expect(try !echoes(path))
    terminal.send("hunter2-CANARY")
    #expect(
      try await terminal.expect("'pin' must match hunter2-[a-z]+, but is something else"), "\(terminal.transcript)")
    #expect(try await terminal.expect("pin: "), "\(terminal.transcript)")
    terminal.send(pin)
    #expect(try await terminal.expect("next: "), "\(terminal.transcript)")
    #expect(try echoes(path))
    terminal.send("shown")
    #expect(try await terminal.wait().code == 0, "\(terminal.transcript)")
    #expect(terminal.transcript.contains("shown") && !terminal.transcript.contains("CANARY"))
    #expect(try params(book)["pin"] == .text("(hidden)"))
    let canaries = [Canary("the PIN", pin)]
    canaries.expectAbsent(from: terminal.transcript, "the transcript")
    let bodies = try JournalFile(path: "\(book.state)/journal.db").entries.map(\.body)
    // The playbook itself names it here, so that the run can tell that it got the right one.
    canaries.expectAbsent(from: bodies.filter { !$0.contains("playbook.recorded") }.joined(), "the journal")
  }

  @Test(
    "Ctrl-C or a polite kill while a secret is typed gives the terminal back as it was", arguments: [SIGINT, SIGTERM])
  func restores(_ number: Int32) async throws {
    let book = try book(params: "  pin: {type: text, secret: true, required: true, ask: The PIN?}")
    let terminal = try terminal(book)
    #expect(try await terminal.expect("pin: "), "\(terminal.transcript)")
    let path = try path(of: terminal)
    #expect(try !echoes(path))
    if number == SIGINT { terminal.send("\u{3}") } else { kill(terminal.program.pid, number) }
    #expect(try await terminal.wait().ending == .signal(number))
    #expect(try echoes(path))
    expectNothingRecorded(book)
  }

  @Test("without a terminal nothing is asked: it names --var")
  func noTerminal() async throws {
    let book = try book(params: "  report: {type: text, required: true, ask: What is wrong?}")
    let result = try await book.run("asks")
    #expect(result.code == 64, "\(result)")
    #expect(result.stderr.contains("What is wrong?") && result.stderr.contains("--var report=…"), "\(result)")
    expectNothingRecorded(book)
  }
}
