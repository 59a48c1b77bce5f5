import Foundation
import TestSupport
import Testing

@Suite("A run that changes hands", .inTurn, .timeLimit(.minutes(40)))
struct TakenOverTests {
  private let book: TestPlaybooks
  /// How long the first attempt sleeps, in seconds: nobody else on the machine does for so long.
  private let nap = Int.random(in: 100_000...999_999)

  init() throws { book = try TestPlaybooks() }

  /// A step that sleeps the first time and is quick the next; its check says whether it came to its end.
  private func add(_ id: String, idempotent: Bool) throws {
    try book.add(
      id,
      steps: """
        - id: works
          effect: write
          idempotent: \(idempotent)
          timeout: 60s
          shell:
            run: |
              echo begun >> "$PLACE/tries"
              if [ "$(wc -l < "$PLACE/tries")" = 1 ]; then sleep \(nap); fi
              touch "$PLACE/done"
            env: {PLACE: "\(book.folder.path)"}
          verify:
            command: {run: [ls, "\(book.folder.file("done"))"], exit: [0, 2]}
            until: exit_code == 0
            every: 100ms
            within: 300ms
        """)
  }

  private var tries: Int { (try? book.text("tries").split(separator: "\n").count) ?? 0 }

  private func begin(_ id: String) async throws -> RunningProgram {
    let program = try AndonProgram(environment: book.environment).start(["run", id, "--auto", "--yes"])
    try await eventually("the step is under way") { tries == 1 && isAsleep }
    return program
  }

  private var isAsleep: Bool { ProcessTable.all.contains { $0.arguments.contains("\(nap)") } }

  @Test("What the process before it left running is ended before the step is done again")
  func fenced() async throws {
    try add("again", idempotent: true)
    let first = try await begin("again")
    first.kill()
    _ = try await first.wait()
    #expect(isAsleep, "nothing to end")
    let result = try await book.andon("resume", "RUN-1")
    #expect(result.code == 0, "\(result)")
    #expect(tries == 2 && !isAsleep)
    for process in ProcessTable.all where process.arguments.contains("\(nap)") { kill(process.pid, SIGKILL) }
  }

  @Test("What may not be repeated is not, although its check does not show it: it is unknown")
  func notRepeated() async throws {
    try add("once", idempotent: false)
    let first = try await begin("once")
    first.kill()
    _ = try await first.wait()
    let result = try await book.andon("resume", "RUN-1")
    #expect(result.code == 1, "\(result)")
    #expect(tries == 1, "it was done again")
    #expect(try await book.record().step("works").state == "unknown")
  }

  @Test("Whoever lost the run writes nothing more into it, and says who drives it now")
  func stale() async throws {
    try add("lost", idempotent: false)
    let first = try await begin("lost")
    // As on a machine where somebody tidied up: the lock is held, and nobody can see it.
    try FileManager.default.removeItem(atPath: "\(book.state)/locks")
    let second = try await book.andon("resume", "RUN-1")
    #expect(second.code == 1, "\(second)")
    let result = try await first.wait()
    #expect(result.code != 0 && result.stderr.contains("is now driven by process"), "\(result)")
    let kinds = try JournalFile(path: "\(book.state)/journal.db").sql("SELECT kind FROM entry ORDER BY seq")
      .split(separator: "\n")
    #expect(kinds.last == "run.finished" && kinds.filter { $0 == "run.finished" }.count == 1, "\(kinds)")
  }
}

extension TestPlaybooks {
  /// What stands in a file of the test's folder.
  fileprivate func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }
}
