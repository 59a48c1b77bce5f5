import Foundation
import TestSupport
import Testing

@Suite("Output that nobody decorates", .inTurn, .timeLimit(.minutes(40)))
struct PlainOutputTests {
  private func book() throws -> TestPlaybooks {
    let book = try TestPlaybooks()
    try book.add(
      "slow",
      steps: """
        - {id: slow, name: Count them, shell: {run: "echo half way; exec sleep 3.5"}}
        - {id: look, manual: {ask: And now?, answer: {type: number}}}
        """)
    return book
  }

  @Test("Unattended and piped: a line at the start, one while it takes long, one at the end; progress on stderr alone")
  func piped() async throws {
    let result = try await book().run("slow")
    #expect(result.code == 4, "\(result)")
    #expect(result.stderr.contains("  start    Count them\n"), "\(result)")
    #expect(result.stderr.contains("  still    Count them, running 00:0") && result.stderr.contains(": half way\n"))
    #expect(!result.stdout.contains("start ") && !result.stdout.contains("still "), "\(result)")
    #expect(result.stdout.contains("  done     Count them\n"), "\(result)")
    #expect(!result.output.utf8.contains(0x1B), "an escape sequence in a pipe")
    let start = try #require(result.stderr.range(of: "start "))
    let still = try #require(result.stderr.range(of: "still "))
    #expect(start.upperBound < still.lowerBound)
  }

  @Test(
    "On a terminal that is dumb, or asked to be plain, nothing is written but text",
    arguments: [["TERM": "dumb"], ["TERM": "xterm", "PLAIN": "--plain"]], [["--auto"], []])
  func undecorated(_ variables: [String: String], _ flags: [String]) async throws {
    let book = try book()
    let words = ["run", "slow", "--yes"] + flags + [variables["PLAIN"]].compactMap(\.self)
    let terminal = try book.terminal(words, changing: variables)
    if flags.isEmpty {
      for line in ["ten", "?", "d"] {
        #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
        terminal.send(line)
      }
      #expect(try await terminal.expect("answer: "), "\(terminal.transcript)")
      terminal.sendEOF()
    }
    let result = try await terminal.wait()
    #expect(result.code == 4, "\(result)")
    #expect(result.stdout.contains("  start    Count them") && result.stdout.contains("  still    Count them"))
    let strange = terminal.bytes.filter { $0 < 0x20 && ![0x0A, 0x0D].contains($0) }
    #expect(strange.isEmpty, "\(strange)")
  }

  @Test("CLICOLOR_FORCE colours a pipe, and still moves nothing in it")
  func forced() async throws {
    let result = try await book().andon(
      "run", "slow", "--auto", "--yes", changing: ["CLICOLOR_FORCE": "1", "TERM": "xterm"])
    let rest = result.output.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(result.output.contains("\u{1B}[") && !rest.contains("\u{1B}"), "\(result)")
  }
}
