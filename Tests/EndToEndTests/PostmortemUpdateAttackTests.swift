import Foundation
import TestSupport
import Testing

@Suite("Refreshing a report, under attack", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemUpdateAttackTests {
  @Test("Whatever people write outside the marks is kept byte for byte, and every generated part is refreshed")
  func outside() async throws {
    let report = try await WrittenReport()
    let early = try report.bytes
    let fresh = ReportAnatomy(try await report.fresh())
    for seed in 0..<100 {
      var editor = ReportEditor(seed: UInt64(10_000 + seed))
      let edited = editor.editOutside(early)
      try report.write(edited)
      let result = try await report.update()
      #expect(result.code == 0, "seed \(10_000 + seed): \(result)")
      let (now, then) = (ReportAnatomy(try report.bytes), ReportAnatomy(edited))
      #expect(now.outside == then.outside, "seed \(10_000 + seed)")
      #expect(now.names == then.names && now.parts == fresh.parts, "seed \(10_000 + seed)")
    }
  }

  @Test("A change of one byte inside a generated part, or any damage to a mark, and nothing is written")
  func inside() async throws {
    let report = try await WrittenReport()
    let early = try report.bytes
    for seed in 0..<100 {
      var editor = ReportEditor(seed: UInt64(20_000 + seed))
      for changed in [editor.editInside(early), editor.damageMark(early)] {
        try report.write(changed)
        let result = try await report.update()
        #expect(result.code == 65, "seed \(20_000 + seed): \(result)")
        #expect(!result.stderr.isEmpty)
        #expect(try report.bytes == changed, "seed \(20_000 + seed)")
      }
    }
  }

  @Test("Killed at any moment, it leaves the old report or the new one, whole")
  func killed() async throws {
    let report = try await WrittenReport()
    let early = try report.bytes
    let whole = try await report.update()
    #expect(whole.code == 0, "\(whole)")
    let late = try report.bytes
    #expect(early != late)
    var (old, new) = (0, 0)
    for attempt in 0..<40 {
      try report.write(early)
      let program = try AndonProgram(environment: report.desk.variables).start(["postmortem", "update", report.path])
      // The moment moves through the whole run.
      try await Task.sleep(for: whole.elapsed * attempt / 33)
      program.kill()
      _ = try await program.wait()
      let now = try report.bytes
      #expect(now == early || now == late, "attempt \(attempt): \(now.count) bytes")
      (old, new) = (old + (now == early ? 1 : 0), new + (now == late ? 1 : 0))
    }
    #expect(old > 0 && old + new == 40)
  }

  #if FAIL_POINTS
    @Test(
      "Killed, or out of space, right before it writes or right before the new file takes its place: the old one is whole",
      arguments: ["report.before-write", "report.before-rename"], ["crash", "no-space", "error"])
    func fails(point: String, kind: String) async throws {
      let report = try await WrittenReport()
      let early = try report.bytes
      let result = try await report.update(changing: ["ANDON_FAIL_POINTS": "\(point)=\(kind)"])
      #expect(result.code != 0, "\(result)")
      #expect(try report.bytes == early)
      if kind != "crash" { #expect(try report.litter.isEmpty && result.stderr.contains(report.path)) }
      let again = try await report.update()
      #expect(again.code == 0, "\(again)")
      #expect(try report.text.contains("they pay again"))
    }

    @Test("Somebody saves the report while it is being refreshed: what they saved stays, and the update says so (75)")
    func meanwhile() async throws {
      let report = try await WrittenReport()
      let theirs = try report.bytes + Array("\nsaved in this moment\n".utf8)
      let delay = ["ANDON_FAIL_POINTS": "report.before-rename=delay(3000)"]
      let program = try AndonProgram(environment: report.desk.variables.merging(delay) { _, new in new }).start(
        ["postmortem", "update", report.path])
      try await eventually("the new file is there") { try report.litter.contains { $0.hasSuffix(".andon") } }
      try report.write(theirs)
      let result = try await program.wait()
      #expect(result.code == 75 && result.stderr.contains("changed by somebody else"), "\(result)")
      #expect(try report.bytes == theirs)
      #expect(try report.litter.isEmpty)
    }
  #endif
}
