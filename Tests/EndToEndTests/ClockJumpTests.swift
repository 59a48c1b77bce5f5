import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite(
  "A machine whose clock is set under way", .alone, .needsCompiler,
  .timeLimit(.minutes(40)))
struct ClockJumpTests {
  private let clocks: Clocks
  private let book: TestPlaybooks

  init() throws {
    clocks = try Clocks()
    book = try TestPlaybooks(variables: clocks.variables)
  }

  /// Three steps; the second waits for a file, so that a test can do something in between.
  private func addPlaybook(timeout: String = "20s") throws {
    try book.add(
      "stop", top: "severity: P1\ntargets: {contain: 5m}",
      steps: """
        - {id: before, effect: read, command: {run: ["true"]}}
        - id: meanwhile
          target: contain
          effect: write
          timeout: \(timeout)
          shell:
            run: touch "$PLACE/began"; while [ ! -e "$PLACE/go" ]; do sleep 0.02; done
            env: {PLACE: "\(book.folder.path)"}
        - {id: after, effect: read, command: {run: ["true"]}}
        """)
  }

  private func start() throws -> RunningProgram {
    try AndonProgram(environment: book.environment).start(["run", "stop", "--auto", "--yes"])
  }

  private func untilUnderWay() async throws {
    try await eventually("the second step runs") { FileManager.default.fileExists(atPath: book.folder.file("began")) }
  }

  private func goOn() { _ = FileManager.default.createFile(atPath: book.folder.file("go"), contents: nil) }

  @Test(
    "whichever way it is set, targets and durations are as long as they were, nothing changes places, and it is said",
    arguments: [
      Duration.seconds(3600), .seconds(-3600), .seconds(2), .seconds(-2), .seconds(315_360_000), .seconds(-315_360_000),
    ])
  func jump(size: Duration) async throws {
    try addPlaybook()
    #expect(try await book.andon("incident", "open", "slow", "--severity", "P1", "--why", "mail").code == 0)
    let run = try start()
    try await untilUnderWay()
    try clocks.set(wall: size)
    goOn()
    let result = try await run.wait(within: .seconds(30))
    #expect(result.code == 0, "\(result)")

    let record = try await book.record()
    let contain = try #require(record.json["targets"]?.items.first)
    let elapsed = try #require(Int(contain["elapsed_milliseconds"]?.displayText ?? ""), "\(record.json)")
    #expect(contain["state"] == .text("met"))
    #expect((0..<20_000).contains(elapsed))
    for step in record.steps {
      let took = Int(step.json["milliseconds"]?.displayText ?? "") ?? 0
      #expect((0..<20_000).contains(took), "\(step.id) took \(took) ms")
    }
    let jumps = record.json["clock_jumps"]?.items ?? []
    #expect(jumps.count == 1, "\(record.json)")
    let noted = Int64(jumps.first?["milliseconds"]?.displayText ?? "") ?? 0
    #expect(abs(noted - size.wholeMilliseconds) <= 100, "\(noted)")

    let shown = try await book.andon("show", "RUN-1")
    let words = size < .zero ? "The clock was set back by" : "The clock was set forward by"
    #expect(shown.stdout.contains(words), "\(shown)")
    #expect(!shown.stdout.contains("-0") && !shown.stdout.contains("-1:"), "\(shown)")
    let timeline = try await book.andon("timeline", "show", "INC-1", "--all", "--json")
    let rows = try #require(try Value.json(Data(timeline.stdout.utf8))["timeline"]?.items, "\(timeline)")
    let numbers = rows.compactMap { Int($0["entry"]?.displayText ?? "") }
    #expect(numbers == numbers.sorted(), "the story is out of order: \(numbers)")
    #expect(rows.contains { $0["event"]?.displayText.contains(words) == true })
    #expect(try await book.andon("journal", "verify").code == 0)
  }

  @Test("a time limit neither ends early nor late when the clock is set a year ahead or back", arguments: [1, -1])
  func limit(sign: Int) async throws {
    try addPlaybook(timeout: "3s")
    let run = try start()
    try await untilUnderWay()
    let begun = ContinuousClock.now
    try clocks.set(wall: .seconds(sign * 31_536_000))
    let result = try await run.wait(within: .seconds(30))
    let took = ContinuousClock.now - begun
    #expect(result.code == 1, "\(result)")
    #expect(took > .milliseconds(2500) && took < .seconds(5), "\(took)")
    #expect(try await book.record().step("meanwhile").state == "unknown")
  }

  @Test("daylight saving and leap seconds change nothing: times are UTC, and a second is not worth a word")
  func quiet() async throws {
    try addPlaybook()
    #expect(try await book.andon("incident", "open", "slow", "--severity", "P1", "--why", "mail").code == 0)
    let run = try AndonProgram(
      environment: book.environment.merging(["TZ": "Europe/Berlin"]) { _, new in new }
    ).start(["run", "stop", "--auto", "--yes"])
    try await untilUnderWay()
    try clocks.set(wall: .seconds(-1))
    goOn()
    #expect(try await run.wait(within: .seconds(30)).code == 0)
    let record = try await book.record()
    #expect(record.json["clock_jumps"]?.items.isEmpty == true)
    let berlin = try await book.andon("timeline", "show", "INC-1", "--json", changing: ["TZ": "Europe/Berlin"])
    let kolkata = try await book.andon("timeline", "show", "INC-1", "--json", changing: ["TZ": "Asia/Kolkata"])
    #expect(berlin.stdout == kolkata.stdout && berlin.code == 0, "\(berlin)")
  }

  @Test("a machine that slept past the time limit of a step notices as soon as it wakes up")
  func suspended() async throws {
    // A database that takes what it is told and never answers.
    let silent = try ScriptedHTTPServer(greeting: [])
    let book = try TestPlaybooks(
      connections: "{shop: {postgres: \"env:SHOP_URL\"}}",
      variables: clocks.variables.merging(
        ["SHOP_URL": "postgres://app@127.0.0.1:\(silent.port)/shop?sslmode=disable"]) { _, new in new })
    try book.add(
      "ask", top: "connections: [shop]",
      steps: "- {id: ask, effect: read, timeout: 60s, sql: {connection: shop, run: SELECT 1}}")
    let run = try AndonProgram(environment: book.environment).start(["run", "ask", "--auto", "--yes"])
    // The first connection is the one opened ahead of time, which is given up after ten seconds; the second is the step's.
    try await eventually("the step asks the database", within: .seconds(40)) { silent.connections > 1 }
    let asleep = Duration.seconds(3600)
    try clocks.set(wall: asleep, boot: asleep)
    let woken = ContinuousClock.now
    let result = try await run.wait(within: .seconds(80))
    #expect(result.code == 1, "\(result)")
    #expect(ContinuousClock.now - woken < .seconds(4))
    let record = try await book.record()
    #expect(record.step("ask").reason.contains("no answer within"), "\(record.json)")
    // Time passed for both clocks: nobody set one.
    #expect(record.json["clock_jumps"]?.items.isEmpty == true)
  }
}
