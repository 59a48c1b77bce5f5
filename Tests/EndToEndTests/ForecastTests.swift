import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What earlier runs let one expect", .inTurn, .timeLimit(.minutes(40)))
struct ForecastTests {
  private let book: TestPlaybooks

  init() throws { book = try TestPlaybooks() }

  /// A playbook with a step that takes a while, then a question to a person.
  private func write(wait: String = "1200ms", limit: String = "5m") throws {
    try book.add(
      "stop", top: "targets: {notify: \(limit)}",
      steps: """
        - {id: quick, name: Be quick, wait: {for: 1ms}}
        - {id: slow, name: Be slow, wait: {for: \(wait)}}
        - id: write
          name: Write it
          effect: write
          shell: {run: "true"}
        - {id: tell, name: Tell them, target: notify, wait: {for: 1ms}}
        """)
  }

  private func run(_ more: String...) async throws {
    let result = try await AndonProgram(environment: book.environment).run(["run", "stop", "--auto", "--yes"] + more)
    try #require(result.code == 0, "\(result)")
  }

  private func forecast(_ run: String) async throws -> Value { try await book.record(run).json["forecast"] ?? .null }

  /// A run that stands before its third step, in front of somebody.
  private func guided(_ more: String...) async throws -> Responder {
    let dana = Responder(terminal: try book.terminal(["run", "stop"] + more, changing: ["NO_COLOR": "1"]))
    try await dana.sees("choice: ")
    return dana
  }

  @Test("The walkthrough says how much is usually left, of how many runs, from the third earlier one on")
  func walkthrough() async throws {
    try write()
    for count in 0...3 {
      let dana = try await guided()
      let shown = dana.terminal.transcript
      #expect(shown.contains("from \(count) earlier runs") == (count >= 3), "\(shown)")
      #expect(shown.contains(" left, from") == (count >= 3), "\(shown)")
      dana.terminal.send("r")
      try await dana.ends(0)
    }
  }

  @Test("status, show and watch say it of an open run; a finished one has none")
  func elsewhere() async throws {
    try write()
    for _ in 1...3 { try await run() }
    let dana = try await guided()
    dana.terminal.send("q")
    try await dana.ends(4)
    let forecast = try await forecast("RUN-4")
    #expect(forecast.text("runs") == "3" && forecast.text("are_drills") == "false")
    // The slow step is behind it: what is left is at most what the others took after that.
    var rests: [Int64] = []
    for run in ["RUN-1", "RUN-2", "RUN-3"] {
      let record = try await book.record(run)
      let slow = try #require(Timestamp(record.step("slow").json.text("ended")))
      let end = try #require(Timestamp(record["run", "ended"]))
      rests.append((end - slow).wholeMilliseconds)
    }
    let remaining = try #require(Int64(forecast.text("remaining_milliseconds")))
    #expect(remaining <= (rests.max() ?? 0) + 2, "\(forecast) \(rests)")
    let status = try await book.andon("status")
    #expect(status.stdout.contains(/about \d+ s left, from 3 earlier runs/), "\(status)")
    let open = try Record(await book.andon("status", "--json")).json["runs"]?.items.first
    #expect(open?["forecast"]?.text("runs") == "3", "\(String(describing: open))")
    #expect(try await book.andon("show", "RUN-4").stdout.contains("left, from 3 earlier runs"))
    #expect(try await book.record("RUN-3").json["forecast"] == .null)
    let watch = try book.terminal("watch", "RUN-4")
    #expect(try await watch.expect("left, from 3 earlier runs"), "\(watch.transcript)")
    watch.interrupt()
    _ = try await watch.wait()
  }

  @Test("A clock that will be missed if things go as they usually do is AT RISK before it is missed")
  func risk() async throws {
    func write(limit: String) throws {
      try book.add(
        "stop", top: "targets: {notify: \(limit)}",
        steps: """
          - id: write
            name: Write it
            effect: write
            shell: {run: "true"}
          - {id: slow, name: Be slow, target: notify, wait: {for: 8s}}
          """)
    }
    try write(limit: "10m")
    for _ in 1...3 { try await run() }
    let calm = try await guided()
    #expect(calm.terminal.transcript.contains("from 3 earlier runs"), "\(calm.terminal.transcript)")
    #expect(!calm.terminal.transcript.contains("AT RISK"), "\(calm.terminal.transcript)")
    calm.terminal.send("q")
    try await calm.ends(4)
    try write(limit: "8s")
    let dana = try await guided()
    #expect(dana.terminal.transcript.contains(" left, AT RISK"), "\(dana.terminal.transcript)")
    #expect(dana.terminal.transcript.contains("notify AT RISK: expected"), "\(dana.terminal.transcript)")
    dana.terminal.send("q")
    try await dana.ends(4)
  }

  @Test("Without real runs, drills stand in and are called that; a drill learns from drills")
  func drills() async throws {
    try write()
    for _ in 1...3 { try await run("--drill", "--env", "test") }
    let dana = try await guided()
    #expect(dana.terminal.transcript.contains("from 3 earlier drills"), "\(dana.terminal.transcript)")
    dana.terminal.send("r")
    try await dana.ends(0)
    #expect(try await forecast("RUN-4") == .null)
  }

  @Test("Nobody there: a run that takes longer than a moment says once what is usually left")
  func unattended() async throws {
    try write(wait: "2500ms")
    for _ in 1...3 { try await run() }
    let result = try await AndonProgram(environment: book.environment).run(["run", "stop", "--auto", "--yes"])
    let lines = result.stderr.split(whereSeparator: \.isNewline).filter { $0.contains("earlier runs") }
    #expect(lines.count == 1, "\(result)")
    #expect(lines.first?.contains(/expect +about \d+ s left, from 3 earlier runs/) == true, "\(result)")
  }
}
