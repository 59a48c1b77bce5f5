import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What is printed", .inTurn, .timeLimit(.minutes(40)))
struct OutputTests {
  private let secret = "tok_\(UUID().uuidString)"

  private func book() throws -> TestPlaybooks {
    let book = try TestPlaybooks(connections: "{tool: {token: 'env:TOKEN'}}", variables: ["TOKEN": secret])
    try book.add(
      "looks", top: "connections: [tool]",
      steps: """
        - id: look
          effect: read
          timeout: 10s
          command: {run: [printf, "%s", seen-it], env: {TOKEN: "${connections.tool.token}"}}
          verify: {command: {run: [ls, /]}, until: exit_code == 0}
        - id: script
          timeout: 10s
          shell: {run: "test -n \\"$TOKEN\\"", env: {TOKEN: "${connections.tool.token}"}}
        """)
    return book
  }

  private func shell(_ script: String, _ book: TestPlaybooks) async throws -> ProgramResult {
    let more = ["ANDON": AndonProgram.path, "CODE": book.folder.file("code"), "FIFO": book.folder.file("fifo")]
    return try await RunningProgram(
      ["/bin/sh", "-c", script], environment: book.environment.merging(more) { $1 }
    ).wait()
  }

  @Test("A full disk behind standard output is 74 with one sentence, and what ran is on record all the same")
  func full() async throws {
    let book = try book()
    let run = try await shell("\"$ANDON\" run looks --auto --yes >/dev/full", book)
    #expect(run.code == 74 && run.stderr.contains("No space left on device"), "\(run)")
    #expect(try await book.record()["run", "state"] == "done")
    for command in ["show RUN-1", "show RUN-1 --json", "history", "journal export"] {
      let result = try await shell("\"$ANDON\" \(command) >/dev/full", book)
      #expect(result.code == 74, "\(command): \(result)")
      #expect(result.stderr.components(separatedBy: "andon: ").count == 2, "\(command): \(result)")
    }
    let failed = try await shell("\"$ANDON\" show RUN-7 >/dev/full", book)
    #expect(failed.code == 64, "\(failed)")
  }

  @Test("A reader that has gone away is told nothing, and neither is anybody else")
  func gone() async throws {
    let book = try book()
    _ = try await book.run("looks")
    // The reader closes its end first, and only then lets the writer begin.
    let result = try await shell(
      """
      mkfifo "$FIFO"
      { read -r go <"$FIFO"; "$ANDON" show RUN-1; echo $? >"$CODE"; } | { exec <&-; echo go >"$FIFO"; }
      """, book)
    #expect(result.stderr.isEmpty, "\(result)")
    #expect(try String(contentsOfFile: book.folder.file("code"), encoding: .utf8) == "0\n")
  }

  @Test("-v shows each command and check as it is made, secrets hidden; without it they are not shown")
  func verbose() async throws {
    let book = try book()
    let quiet = try await book.run("looks")
    #expect(!quiet.output.contains("printf"), "\(quiet)")
    let result = try await book.run("looks", "-v")
    #expect(result.code == quiet.code, "\(result)")
    for text in ["run      | printf '%s' seen-it", "check    | ls /", "test -n"] {
      #expect(result.stderr.replacing("printf %s", with: "printf '%s'").contains(text), "no '\(text)': \(result)")
    }
    #expect(!result.output.contains(secret), "\(result)")
    let both = try await book.run("looks", "-v", "-q")
    #expect(both.code == 64, "\(both)")
  }

  @Test("Times are UTC wherever somebody sits, with --utc and without")
  func utc() async throws {
    let book = try book()
    _ = try await book.run("looks")
    for command in [["show", "RUN-1"], ["show", "RUN-1", "--step", "look"], ["history"]] {
      let home = try await AndonProgram(environment: book.environment.merging(["TZ": "UTC"]) { $1 }).run(command)
      let tokyo = book.environment.merging(["TZ": "Asia/Tokyo"]) { $1 }
      for more in [[], ["--utc"]] {
        let away = try await AndonProgram(environment: tokyo).run(command + more)
        #expect(away.code == 0 && away.stdout == home.stdout, "\(command): \(away)")
      }
      #expect(home.stdout.contains(":"), "no time in \(home)")
    }
  }
}
