import Foundation
import TestSupport
import Testing

@Suite("A disk that reports errors", .inTurn, .needsCompiler, .timeLimit(.minutes(60)))
struct DiskErrorTests {
  private static let steps = ["one", "two", "three"]

  @Test(
    "Whichever call fails: nothing acts unrecorded or behind a failed sync, 73, and the run comes to its end on a mended disk",
    arguments: BadDisk.Fault.allCases)
  func ordinary(_ fault: BadDisk.Fault) async throws {
    let book = try TestPlaybooks()
    let disk = try BadDisk(under: book.state)
    let scene = ThreeSteps(book: book, disk: disk)
    try book.add("three", steps: Self.steps.map(scene.step).joined(separator: "\n"))

    let healthy = try await scene.run(disk.variables(fault, from: nil))
    try #require(healthy.code == 0, "\(healthy)")
    let calls = try disk.calls.count
    try #require(calls > Self.steps.count * 2, "the stand-in sees next to no calls: \(calls)")
    var (tries, refused) = (0, 0)
    for (index, place) in BadDisk.places(of: calls, quick: 12).enumerated() {
      for span in Figures.isLong ? BadDisk.Span.allCases : [BadDisk.Span.allCases[index % 2]] {
        try scene.clear()
        let result = try await scene.run(disk.variables(fault, from: place, span))
        let what = "\(fault.rawValue), \(span) from \(place) on, \(try disk.calls): \(result)"
        #expect(try disk.calls.contains("x"), "nothing failed: \(what)")
        try await scene.expectKept(result, fault, what)
        tries += 1
        if result.code == 73 { refused += 1 }
      }
    }
    #expect(refused > tries / 2, "\(refused) of \(tries)")
    Figures.record(
      ["tries": tries, "of calls": calls, "refused or stopped with 73": refused],
      promise: "Nothing acts without a record that is on the disk", attack: "\(fault.rawValue), once and from then on",
      in: "The journal on bad disks")
  }

  @Test(
    "Whichever call fails from then on: the kill switch stops what it is to stop, from another place, and all of it is recorded",
    .needsDatabase, arguments: BadDisk.Fault.allCases)
  func killSwitch(_ fault: BadDisk.Fault) async throws {
    let brake = try Brake()
    let disk = try BadDisk(under: brake.book.state)
    func pull(from place: Int?) async throws -> ProgramResult {
      for folder in [brake.book.state, brake.second] { try? FileManager.default.removeItem(atPath: folder) }
      #expect(try await brake.andon("incident", "open", "x", "--severity", "P3").code == 0)
      try brake.reset()
      let bad = try disk.variables(fault, from: place).mapValues(Optional.some)
      return try await AndonProgram(environment: brake.variables(changing: bad)).run(
        ["pull", "stop-all", "--confirm", "STOP"])
    }

    let healthy = try await pull(from: nil)
    try #require(healthy.code == 0, "\(healthy)")
    let calls = try disk.calls.count
    var (tries, spooled, slowest) = (0, 0, Duration.zero)
    for place in BadDisk.places(of: calls, quick: 5) {
      let result = try await pull(from: place)
      let what = "\(fault.rawValue) from \(place) on, \(try disk.calls)"
      #expect(try disk.calls.contains("x"), "nothing failed: \(what) \(result)")
      if try await brake.expectKept(result, what, mend: {}) {
        spooled += 1
        #expect(result.output.contains("DEGRADED") && result.output.contains("import-spool"), "\(what): \(result)")
      }
      (tries, slowest) = (tries + 1, max(slowest, result.elapsed))
    }
    #expect(spooled > 0)
    Figures.record(
      [
        "tries": tries, "of calls": calls, "went on with a spool": spooled,
        "slowest, ms": Int(slowest / .milliseconds(1)),
      ],
      promise: "A kill switch stops what it is to stop although the disk is bad, and the record stays whole",
      attack: "\(fault.rawValue), from one call on", in: "The journal on bad disks")
  }
}

/// A run of three steps, each of which notes what it did and what had become of the disk until then.
private struct ThreeSteps {
  let book: TestPlaybooks
  let disk: BadDisk

  private var ledger: String { book.folder.file("ledger") }
  private var journal: String { "\(book.state)/journal.db" }

  func step(_ id: String) -> String {
    """
    - id: \(id)
      effect: write
      shell:
        run: echo "$ANDON_MARK $(cat "$BOOK")" >> "$LEDGER"
        env: {LEDGER: "\(ledger)", BOOK: "\(disk.book)"}
    """
  }

  func clear() throws {
    try? FileManager.default.removeItem(atPath: book.state)
    try book.folder.write("", to: "ledger")
  }

  func run(_ bad: [String: String]) async throws -> ProgramResult {
    try await AndonProgram(environment: book.environment.merging(bad) { old, _ in old }).run(
      ["run", "three", "--auto", "--yes"])
  }

  /// What really happened.
  private struct Effect {
    /// `RUN-1/one`
    let step: String
    let attempt: String
    /// What had become of each call when it happened.
    let calls: String
  }

  private var effects: [Effect] {
    get throws {
      try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n").map { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let parts = words[0].split(separator: "/").map(String.init)
        try #require(parts.count >= 4, "\(line)")
        return Effect(step: "\(parts[1])/\(parts[2])", attempt: parts[3], calls: words.last ?? "")
      }
    }
  }

  /// What the journal holds of a kind; `RUN-1/one/1` of each. Read from a copy: who opens a journal may change its files.
  private func recorded(_ kind: String) throws -> Set<String> {
    let copy = try TemporaryFolder()
    guard FileManager.default.fileExists(atPath: journal) else { return [] }
    for ending in ["", "-wal"] where FileManager.default.fileExists(atPath: journal + ending) {
      try FileManager.default.copyItem(atPath: journal + ending, toPath: copy.file("journal.db\(ending)"))
    }
    let file = JournalFile(path: copy.file("journal.db"))
    guard try file.sql("SELECT count(*) FROM sqlite_master WHERE name = 'entry'").hasPrefix("1") else { return [] }
    let text = try file.sql(
      """
      SELECT 'RUN-' || run || '/' || coalesce(json_extract(body, '$.step'), '') || '/'
        || coalesce(json_extract(body, '$.attempt'), '')
      FROM entry WHERE kind = '\(kind)'
      """)
    return Set(text.split(separator: "\n").map(String.init))
  }

  func expectKept(
    _ result: ProgramResult, _ fault: BadDisk.Fault, _ what: String,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    #expect([0, 73].contains(result.code), "\(what)", sourceLocation: sourceLocation)
    let (before, intended) = (try effects, try recorded("step.intended"))
    for effect in before {
      #expect(
        intended.contains("\(effect.step)/\(effect.attempt)"), "\(effect.step) is not recorded: \(what)",
        sourceLocation: sourceLocation)
      // After a bad sync nobody knows what is on the disk. A bad write may have been one that only makes things easier.
      #expect(
        fault != .sync || !effect.calls.contains("x"), "\(effect.step) acted behind a sync that failed: \(what)",
        sourceLocation: sourceLocation)
    }
    let finished = try recorded("step.finished")
    for id in ["one", "two", "three"] where result.stdout.contains("done     \(id)") {
      #expect(
        finished.contains { $0.hasPrefix("RUN-1/\(id)/") }, "\(id) was called done and is not recorded: \(what)",
        sourceLocation: sourceLocation)
    }
    if result.code == 0 { #expect(before.count == 3, "\(what)", sourceLocation: sourceLocation) }

    let (begun, ended) = try (!recorded("run.started").isEmpty, !recorded("run.finished").isEmpty)
    let more = begun ? ["resume", "--auto", "--yes"] : ["run", "three", "--auto", "--yes"]
    let mended = try await AndonProgram(environment: book.environment).run(more)
    let isOver = ended && mended.stderr.contains("no run is open")
    #expect([0, 1].contains(mended.code) || isOver, "\(what) \(mended)", sourceLocation: sourceLocation)
    for (step, times) in Dictionary(grouping: try effects, by: \.step) {
      #expect(times.count == 1, "\(step) took effect \(times.count) times: \(what)", sourceLocation: sourceLocation)
    }
    let verified = try await book.andon("journal", "verify")
    #expect([0, 3].contains(verified.code), "\(what) \(verified)", sourceLocation: sourceLocation)
  }
}
