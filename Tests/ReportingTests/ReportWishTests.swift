import Foundation
import IncidentModel
import Reporting
import TestSupport
import Testing

/// What becomes of parts that people changed or took out.
@Suite struct ReportWishTests {
  private func early() throws -> String { try ReportRefreshTests.early() }

  /// The lines of a part, its marks included.
  private func block(_ name: String, of text: String) throws -> String {
    let begin = try #require(text.firstRange(of: "<!-- andon:begin \(name) "))
    let mark = "<!-- andon:end \(name) -->\n"
    let end = try #require(text[begin.lowerBound...].firstRange(of: mark))
    return String(text[begin.lowerBound..<end.upperBound])
  }

  @Test("a part that people changed is kept without its marks, or written anew, as they say; the others are refreshed")
  func keepAndOverwrite() throws {
    let edited = try early().replacing("The record names", with: "Nobody names").replacing(
      "Close the till", with: "Shut the till", maxReplacements: 1)
    let refused = try ReportRefreshTests.refresh(edited)
    #expect(refused.bytes == nil)
    let names = refused.edited.map(\.part)
    #expect(!names.isEmpty)
    #expect(refused.edited.allSatisfy { line in line.difference.contains { $0.hasPrefix("- ") } })
    let kept = try ReportRefreshTests.refreshed(edited, .init(keep: Set(names)))
    for name in names {
      #expect(!kept.contains("andon:begin \(name) ") && !kept.contains("andon:end \(name) "))
      let body = try block(name, of: edited).components(separatedBy: "\n").dropFirst().dropLast(2)
      #expect(kept.contains(body.joined(separator: "\n")), "\(name)")
    }
    #expect(
      try ReportRefreshTests.refresh(kept).lines.filter { names.contains($0.part) }.map(\.outcome)
        == names.map { _ in .absent })
    let written = try ReportRefreshTests.refreshed(edited, .init(overwrite: Set(names)))
    #expect(try written == ReportRefreshTests.refreshed(early()))
  }

  @Test("a part that was taken out stays out until somebody wants it back, and then stands where it stood")
  func restores() throws {
    let early = try early()
    let whole = try ReportRefreshTests.refreshed(early)
    let names = ReportAnatomy(Array(early.utf8)).names
    #expect(names.count > 8)
    for name in names {
      let without = early.replacing(try block(name, of: early), with: "")
      let refresh = try ReportRefreshTests.refresh(without)
      #expect(ReportRefreshTests.outcomes(refresh, .absent) == [name])
      let now = try ReportRefreshTests.refreshed(without)
      #expect(!now.contains("andon:begin \(name) "))
      #expect(try ReportRefreshTests.refreshed(without, .init(restore: [name])) == whole, "\(name)")
    }
  }

  @Test("a part whose heading was taken out too comes back with it, behind the section before")
  func restoresHeading() throws {
    let early = try early()
    let section = "## Severity\n\n\(try block("severity", of: early))\n"
    #expect(early.contains(section))
    let without = early.replacing(section, with: "")
    let back = try ReportRefreshTests.refreshed(without, .init(restore: ["severity"]))
    #expect(try back == ReportRefreshTests.refreshed(early))
    // Into a file that has nothing else of ours.
    let first = try #require(early.components(separatedBy: "\n").first)
    let alone = try ReportRefreshTests.refreshed("\(first)\nours, without an end", .init(restore: ["timeline"]))
    #expect(alone.contains("\nours, without an end\n\n## Timeline\n\n<!-- andon:begin timeline "))
    #expect(alone.hasSuffix("<!-- andon:end timeline -->\n"))
  }

  @Test("code that looks like a heading is none: a part is never put into somebody's fence")
  func fences() throws {
    let early = try early()
    let without = early.replacing(
      try block("changes", of: early), with: "```sh\n# Timeline\n## Timeline\n~~~\n```\nours\n")
    let back = try ReportRefreshTests.refreshed(without, .init(restore: ["changes"]))
    #expect(back.contains("```sh\n# Timeline\n## Timeline\n~~~\n```\nours\n\n<!-- andon:begin changes "))
  }

  @Test("a part that the report was made without is named as new and put in only when somebody says so")
  func news() throws {
    let early = try early()
    let old = early.replacing(try block("severity", of: early), with: "").replacing(",severity,", with: ",")
    let refresh = try ReportRefreshTests.refresh(old)
    #expect(ReportRefreshTests.outcomes(refresh, .new).contains("severity"))
    let now = try ReportRefreshTests.refreshed(old)
    #expect(!now.contains("begin severity ") && !now.contains(",severity,"))
    #expect(try ReportRefreshTests.refreshed(old, .init(restore: ["severity"])).contains(",severity,"))
  }

  @Test("a part that a new report would not have is left as it is")
  func retired() throws {
    let early = try early()
    let block = GeneratedBlock("moon-phase", "It was full.\n").text
    let old = early.replacing("parts=", with: "parts=moon-phase,") + "\n\(block)\n"
    let now = try ReportRefreshTests.refreshed(old)
    #expect(now.hasSuffix("\n\(block)\n") && now.contains("moon-phase -->"))
    #expect(ReportRefreshTests.outcomes(try ReportRefreshTests.refresh(old), .retired) == ["moon-phase"])
  }

  @Test("a file whose every line break a program made CR LF was edited by nobody, and stays one of CR LF")
  func lineBreaks() throws {
    let early = try early()
    let dos = early.replacing("\n", with: "\r\n")
    let now = try ReportRefreshTests.refreshed(dos)
    #expect(try now == ReportRefreshTests.refreshed(early).replacing("\n", with: "\r\n"))
    let without = dos.replacing(try block("severity", of: early).replacing("\n", with: "\r\n"), with: "")
    #expect(try ReportRefreshTests.refreshed(without, .init(restore: ["severity"])) == now)
  }

  @Test("a wish that cannot be granted is refused by its name")
  func impossible() throws {
    let early = try early()
    for (wish, words) in [
      (ReportRefresh.Wish(keep: ["nonsense"]), "nonsense"), (.init(overwrite: ["nonsense"]), "nonsense"),
      (.init(restore: ["nonsense"]), "nonsense"), (.init(restore: ["timeline"]), "the report has that part"),
      (.init(keep: ["timeline"], overwrite: ["timeline"]), "both kept and overwritten"),
    ] {
      let problem = #expect(throws: Problem.self) { try ReportRefreshTests.refresh(early, wish) }
      #expect(problem?.message.contains(words) == true, "\(String(describing: problem))")
    }
  }

  @Test("a report of another journal, or of a longer one, is told from the one at hand")
  func otherJournal() throws {
    let mark = try #require(try ReportRefreshTests.document(try early()).mark)
    try ReportRefreshTests.later().refuse(mark)
    var other = Story()
    other.wait(5)
    other.add(.noted(Note(text: "of another incident", happened: nil, starred: false)), inIncident: false)
    other.open()
    #expect(throws: Problem.self) { try FreshReport(try other.file()).refuse(mark) }
    let long = try #require(try ReportRefreshTests.document(try ReportRefreshTests.later().text).mark)
    let problem = #expect(throws: Problem.self) { try FreshReport(try Story.badNight().file()).refuse(long) }
    #expect(problem?.message.contains("goes up to entry") == true)
  }
}
