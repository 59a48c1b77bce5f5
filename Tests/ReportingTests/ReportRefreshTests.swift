import Foundation
import IncidentModel
import Reporting
import TestSupport
import Testing

@Suite struct ReportRefreshTests {
  /// As it was written after the bad night.
  static func early() throws -> String { FreshReport(try Story.badNight().file()).text }

  /// What the journal gives when more was recorded.
  static func later() throws -> FreshReport { FreshReport(try Story.worstNight().file()) }

  static func document(_ text: String) throws -> ReportDocument { try ReportDocument(Array(text.utf8), file: "r.md") }

  static func refresh(_ text: String, _ wish: ReportRefresh.Wish = .init()) throws -> ReportRefresh {
    try ReportRefresh(try document(text), from: try later(), wish)
  }

  static func refreshed(_ text: String, _ wish: ReportRefresh.Wish = .init()) throws -> String {
    String(decoding: try #require(try refresh(text, wish).bytes), as: UTF8.self)
  }

  static func outcomes(_ refresh: ReportRefresh, _ outcome: ReportRefresh.Outcome) -> [String] {
    refresh.lines.filter { $0.outcome == outcome }.map(\.part)
  }

  @Test(
    "a report is the same bytes when nothing was recorded since, and has every generated part anew when something was")
  func refreshes() throws {
    let early = try Self.early()
    let same = try ReportRefresh(try Self.document(early), from: FreshReport(try Story.badNight().file()), .init())
    #expect(same.bytes == Array(early.utf8))
    #expect(Set(same.lines.map(\.outcome)) == [.unchanged])
    let now = ReportAnatomy(Array(try Self.refreshed(early).utf8))
    let (before, new) = (ReportAnatomy(Array(early.utf8)), ReportAnatomy(Array(try Self.later().text.utf8)))
    #expect(now.outside == before.outside)
    #expect(now.names == before.names)
    for name in now.names { #expect(now.parts[name] == new.parts[name], "\(name)") }
    #expect(before.parts["timeline"] != new.parts["timeline"])
    // Once more: nothing is left to do.
    let again = try Self.refreshed(early)
    #expect(try Self.refreshed(again) == again)
  }

  @Test("whatever people write, delete and garble outside the marks is kept byte for byte", arguments: 0..<40)
  func outsideIsKept(_ group: Int) throws {
    let early = Array(try Self.early().utf8)
    let later = try Self.later()
    let new = ReportAnatomy(Array(later.text.utf8))
    for seed in 0..<10 {
      var editor = ReportEditor(seed: UInt64(group * 10 + seed))
      let edited = editor.editOutside(early)
      let refresh = try ReportRefresh(try ReportDocument(edited, file: "r.md"), from: later, .init())
      let now = ReportAnatomy(try #require(refresh.bytes, "seed \(group * 10 + seed)"))
      let then = ReportAnatomy(edited)
      #expect(now.outside == then.outside, "seed \(group * 10 + seed)")
      #expect(now.parts.allSatisfy { new.parts[$0.key] == $0.value }, "seed \(group * 10 + seed)")
    }
  }

  @Test("one byte changed inside a generated part, and nothing is written", arguments: 0..<40)
  func insideIsRefused(_ group: Int) throws {
    let early = Array(try Self.early().utf8)
    let later = try Self.later()
    for seed in 0..<10 {
      var editor = ReportEditor(seed: UInt64(group * 10 + seed))
      let edited = editor.editInside(early)
      // Joined with the line before it, an end is none any more: that is a broken mark.
      guard let document = try? ReportDocument(edited, file: "r.md") else { continue }
      let refresh = try ReportRefresh(document, from: later, .init())
      #expect(refresh.bytes == nil, "seed \(group * 10 + seed)")
      #expect(refresh.edited.count == 1)
    }
  }

  @Test("a mark that was damaged in any way is found, and nothing is written", arguments: 0..<40)
  func damageIsFound(_ group: Int) throws {
    let early = Array(try Self.early().utf8)
    let later = try Self.later()
    for seed in 0..<10 {
      var editor = ReportEditor(seed: UInt64(group * 10 + seed))
      let damaged = editor.damageMark(early)
      guard let document = try? ReportDocument(damaged, file: "r.md"), let mark = document.mark,
        (try? later.refuse(mark)) != nil, mark.incident == IncidentID(number: 1)
      else { continue }
      let refresh = try ReportRefresh(document, from: later, .init())
      #expect(refresh.bytes == nil, "seed \(group * 10 + seed)")
    }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let place: String
    let words: String
    let change: @Sendable (String) -> String

    init(_ name: String, _ place: String, _ words: String, _ change: @escaping @Sendable (String) -> String) {
      (testDescription, self.place, self.words, self.change) = (name, place, words, change)
    }
  }

  @Test(
    "what is wrong with a mark is said with its line and column",
    arguments: [
      Damage("end gone", "begin record", "ends nowhere") { $0.replacing("<!-- andon:end record -->\n", with: "") },
      Damage("begin gone", "end summary", "begins nowhere") {
        $0.replacing(/<!-- andon:begin summary [^\n]*\n/, with: "")
      },
      Damage("renamed", "end sumary", "under the name 'sumary'") {
        $0.replacing("andon:end summary", with: "andon:end sumary")
      },
      Damage("doubled", "begin summary", "a second time") {
        $0 + "\n" + ($0.firstMatch(of: /<!-- andon:begin summary [^$]*?andon:end summary -->\n/)?.output ?? "")
      },
      Damage("nested", "begin severity", "inside part 'summary'") { text in
        let block = text.firstMatch(of: /<!-- andon:begin severity [^$]*?andon:end severity -->\n/)?.output ?? ""
        return text.replacing(block, with: "").replacing(
          "<!-- andon:end summary", with: "\(block)<!-- andon:end summary")
      },
      Damage("not ours", "begin summary v1", "not a mark as andon writes it") {
        $0.replacing("begin summary v1 sha256=", with: "begin summary v1  sha256=")
      },
      Damage("of a newer andon", "begin summary v2", "of version v2") {
        $0.replacing("begin summary v1", with: "begin summary v2")
      },
      Damage("stray", "begin summary", "never made with a part 'summary'") { $0.replacing(",summary,", with: ",") },
    ])
  func places(_ damage: Damage) throws {
    let text = damage.change(try Self.early())
    let trouble = #expect(throws: Diagnostic.self) { try Self.document(text) }
    let found = try #require(trouble)
    #expect(found.message.contains(damage.words), "\(found.message)")
    let line = text.components(separatedBy: "\n")[found.location.line - 1]
    #expect(line.contains(damage.place), "line \(found.location.line): \(line)")
    #expect(found.location.column >= 1 && found.location.column <= line.count + 1)
  }
}
