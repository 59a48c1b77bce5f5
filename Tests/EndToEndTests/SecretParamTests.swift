import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Secret params", .inTurn, .timeLimit(.minutes(40)))
struct SecretParamTests {
  private let value = "param_\(UUID().uuidString)"

  /// Parks at its first step, and leaves a hash of what it was given at the second.
  private func book() throws -> TestPlaybooks {
    let book = try TestPlaybooks(variables: ["THE_PIN": value, "EMPTY": ""])
    try book.add(
      "uses", top: "params: {pin: {type: text, required: true, secret: true, ask: The PIN?}}",
      steps: """
        - id: waits
          manual: {ask: Is it time?}
        - id: uses
          timeout: 10s
          shell: {run: 'printf %s "$PIN" | sha256sum >"$OUT"', env: {PIN: "${params.pin}", OUT: "\(used(book))"}}
        """)
    return book
  }

  private func used(_ book: TestPlaybooks) -> String { book.folder.file("used") }

  private func hash(_ text: String) async throws -> String {
    try await RunningProgram(["/usr/bin/sha256sum"], environment: [:], input: text).wait().stdout
  }

  private func entries(_ book: TestPlaybooks) throws -> [String] {
    try JournalFile(path: "\(book.state)/journal.db").entries.map(\.body)
  }

  /// Begun and parked, with the secret from the environment.
  private func parked() async throws -> TestPlaybooks {
    let book = try book()
    let begun = try await book.run("uses", "--var", "pin=env:THE_PIN")
    try #require(begun.code == 4, "\(begun)")
    return book
  }

  @Test("A secret on the command line is refused with the safe forms, before anything, and not repeated")
  func literal() async throws {
    let book = try book()
    for arguments in [["run", "uses", "--auto", "--yes"], ["run", "uses", "--auto", "-n"]] {
      let result = try await AndonProgram(environment: book.environment).run(arguments + ["--var", "pin=\(value)"])
      #expect(result.code == 64, "\(result)")
      for form in ["pin=env:NAME", "pin=file:PATH", "terminal"] { #expect(result.stderr.contains(form), "\(result)") }
      #expect(!result.output.contains(value), "\(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(book.state)/journal.db"))
  }

  @Test("What a reference leads to has to be there and safe; otherwise 64 with what to do, and nothing is recorded")
  func references() async throws {
    let book = try book()
    let loose = try book.folder.write(value, to: "loose", mode: 0o644)
    let wrong = [
      "env:NOBODY_SET_IT": "NOBODY_SET_IT is not set", "env:EMPTY": "EMPTY is not set", "env:a b": "not the name",
      "file:/nowhere/pin": "/nowhere/pin", "file:\(loose)": "chmod 600",
    ]
    for (reference, words) in wrong {
      let result = try await book.run("uses", "--var", "pin=\(reference)")
      #expect(result.code == 64 && result.stderr.contains(words), "\(reference): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(book.state)/journal.db"))
  }

  @Test("The value behind env: and file: reaches the step, when a run is begun and when it is taken up")
  func reaches() async throws {
    let file = "pin=file:"
    for (begin, again) in [("pin=env:THE_PIN", file), (file, "pin=env:THE_PIN")] {
      let book = try book()
      let kept = try book.folder.write("\(value)\n", to: "pin")
      func given(_ text: String) -> String { text == file ? file + kept : text }
      let begun = try await book.run("uses", "--var", given(begin))
      #expect(begun.code == 4, "\(begun)")
      let terminal = try book.terminal("resume", "--yes", "--var", given(again))
      try await terminal.say("d", at: "answer: ")
      let result = try await terminal.wait()
      #expect([0, 3].contains(result.code) && !result.stdout.contains("pin: "), "\(result)")
      #expect(try String(contentsOfFile: used(book), encoding: .utf8) == (try await hash(value)))
      try [Canary("the PIN", value)].expectAbsent(below: book.state)
    }
  }

  @Test("resume asks for it at a terminal, hidden, and says on the screen and on record that it was given anew")
  func asksAgain() async throws {
    let book = try await parked()
    let other = "other_\(UUID().uuidString)"
    let terminal = try book.terminal("resume", "--yes")
    #expect(try await terminal.expect("RUN-1 was begun with a secret, 'pin'"), "\(terminal.transcript)")
    #expect(try await terminal.expect("not shown while you type"), "\(terminal.transcript)")
    try await terminal.say("abc", at: "pin: ")
    #expect(try await terminal.expect("fewer than 4 characters"), "\(terminal.transcript)")
    try await terminal.say(other, at: "pin: ")
    #expect(try await terminal.expect("'pin' was given anew; it cannot be compared"), "\(terminal.transcript)")
    try await terminal.say("d", at: "answer: ")
    let result = try await terminal.wait()
    #expect([0, 3].contains(result.code), "\(result)")
    #expect(try String(contentsOfFile: used(book), encoding: .utf8) == (try await hash(other)))
    #expect(try entries(book).contains { $0.contains("'pin' was given anew") })
    let canaries = [Canary("the first", value), Canary("the second", other)]
    canaries.expectAbsent(from: result.stdout, "the screen")
    try canaries.expectAbsent(below: book.state)
  }

  @Test("Whoever leaves that question leaves the run as it was", arguments: ["q", "\u{4}"])
  func leaves(key: String) async throws {
    let book = try await parked()
    let before = try entries(book)
    let terminal = try book.terminal("resume")
    #expect(try await terminal.expect("pin: "), "\(terminal.transcript)")
    if key == "q" { terminal.send(key) } else { terminal.sendEOF() }
    let result = try await terminal.wait()
    #expect(result.code == 4 && result.stdout.contains("was not taken up"), "\(result)")
    #expect(try entries(book) == before)
  }

  @Test("Without a terminal resume names the safe forms, refuses the secret itself, and records nothing")
  func noTerminal() async throws {
    let book = try await parked()
    let before = try entries(book)
    let none = try await book.andon("resume", "RUN-1")
    #expect(none.code == 64, "\(none)")
    let literal = try await book.andon("resume", "RUN-1", "--var", "pin=\(value)")
    #expect(literal.code == 64 && !literal.output.contains(value), "\(literal)")
    for result in [none, literal] {
      #expect(result.stderr.contains("pin=env:NAME") && result.stderr.contains("pin=file:PATH"), "\(result)")
    }
    #expect(try entries(book) == before)
  }

  @Test("cancel needs no secret, and for a run that is over nobody is asked for one")
  func over() async throws {
    let book = try await parked()
    let cancelled = try await book.andon("cancel", "RUN-1")
    #expect(cancelled.code == 2, "\(cancelled)")
    #expect(try await book.record()["run", "state"] == "cancelled")
    #expect(try !entries(book).contains { $0.contains("given anew") })
    let terminal = try book.terminal("resume", "RUN-1")
    let result = try await terminal.wait()
    #expect(result.code == 64 && result.stdout.contains("over") && !result.stdout.contains("pin: "), "\(result)")
  }
}
