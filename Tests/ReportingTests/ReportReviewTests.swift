import Foundation
import IncidentModel
import Reporting
import Testing

@Suite struct ReportReviewTests {
  private func review(_ text: String, _ fresh: FreshReport?) throws -> ReportReview {
    try ReportReview(try ReportRefreshTests.document(text), against: fresh, file: "r.md")
  }

  /// As somebody leaves it who has answered everything.
  private func answered(_ text: String) -> String {
    text.components(separatedBy: "\n").map { $0.hasPrefix("_Write here:") ? "We know." : $0 }.joined(separator: "\n")
  }

  private func line(_ number: Int?, of text: String) throws -> String {
    text.components(separatedBy: "\n")[try #require(number) - 1]
  }

  @Test("a new report is unfinished for its prompts alone, each with its line; answered, it is finished")
  func prompts() throws {
    let file = FreshReport(try Story.badNight().file())
    let found = try review(file.text, file)
    #expect(!found.isFinished)
    #expect(found.reasons.allSatisfy { $0.kind == .prompt })
    #expect(found.reasons.count == file.text.components(separatedBy: "\n_Write here:").count - 1)
    for reason in found.reasons { #expect(try line(reason.line, of: file.text).hasPrefix("_Write here:")) }
    let done = try review(answered(file.text), file)
    #expect(done.isFinished && done.notes.isEmpty)
    // An answer behind the prompt is none: the prompt still stands there.
    let half = file.text.replacing("_Write here:", with: "  _Write here:", maxReplacements: 1)
    #expect(try review(half, file).reasons.count == found.reasons.count)
  }

  @Test("what the journal got since then makes it stale: how much, and every part that it changes")
  func stale() throws {
    let early = answered(try ReportRefreshTests.early())
    let later = try ReportRefreshTests.later()
    let found = try review(early, later)
    let behind = try #require(found.reasons.first { $0.kind == .behind })
    #expect(behind.line == 1)
    let more = Story.worstNight().events.count - Story.badNight().events.count
    #expect(behind.what.contains("\(more) newer entries"), "\(behind.what)")
    let parts = found.reasons.filter { $0.kind == .stale }
    #expect(parts.contains { $0.part == "timeline" } && parts.contains { $0.part == "record" })
    for part in parts { #expect(try line(part.line, of: early).contains("andon:begin \(part.part ?? "") ")) }
    #expect(try review(ReportRefreshTests.refreshed(early), later).isFinished)
    // Without the journal nobody can tell.
    #expect(try review(early, nil).isFinished)
  }

  @Test("a part that people changed is a reason, one that they took out is not")
  func changed() throws {
    let file = FreshReport(try Story.badNight().file())
    let text = answered(file.text)
    let edited = try review(text.replacing("Close the till", with: "Shut the till", maxReplacements: 1), file)
    #expect(edited.reasons.map(\.kind) == [.edited])
    #expect(edited.reasons[0].advice?.contains("--keep") == true)
    let begin = try #require(text.firstRange(of: "<!-- andon:begin severity "))
    let end = try #require(text.firstRange(of: "<!-- andon:end severity -->"))
    var without = text
    without.removeSubrange(begin.lowerBound..<end.upperBound)
    let left = try review(without, file)
    #expect(left.isFinished && left.notes.map(\.part) == ["severity"])
  }
}
