import Foundation
import IncidentModel
import Reporting
import TestSupport
import Testing

@Suite("Whatever is recorded, a report keeps its structure")
struct InjectionTests {
  /// Fences, headings, tables, lists and marks, line by line: what a renderer builds the page from.
  private func structure(_ markdown: String) -> [String] {
    var fence: String?
    return markdown.components(separatedBy: "\n").compactMap { line in
      if let open = fence {
        if line == open { fence = nil }
        return nil
      }
      if line.hasPrefix("```") || line.hasPrefix("~~~") {
        fence = String(line.unicodeScalars.prefix { $0 == line.unicodeScalars.first })
        return "fence"
      }
      let scalars = Array(line.unicodeScalars)
      if line.hasPrefix("#") { return "heading \(scalars.prefix { $0 == "#" }.count)" }
      if line.hasPrefix("|") { return "table \(bars(in: scalars))" }
      if line.hasPrefix("<") { return String(line.prefix { $0 != "=" }) }
      if ["- ", "* ", "+ ", "> ", "    "].contains(where: line.hasPrefix) { return String(line.prefix(2)) }
      if line.firstMatch(of: #/^[0-9]+[.)] /#) != nil { return "numbered" }
      if !line.isEmpty, line.allSatisfy({ "-=*_ ".contains($0) }) { return "rule" }
      return nil
    }
  }

  /// A bar behind an odd number of backslashes is text.
  private func bars(in line: [Unicode.Scalar]) -> Int {
    line.indices.filter { index in
      line[index] == "|" && line[..<index].reversed().prefix { $0 == "\\" }.count.isMultiple(of: 2)
    }.count
  }

  /// What only a page in which something acts would have, outside of code.
  private func actives(_ markdown: String) -> [String] {
    var isCode = false
    return markdown.components(separatedBy: "\n").compactMap { line in
      if line.hasPrefix("```") { isCode.toggle() }
      if isCode || line.hasPrefix("<!-- andon:") { return nil }
      let plain = line.replacing(/`[^`]*`/, with: "").replacing(/\\./, with: "")
      let acts = plain.contains("<") || plain.contains("](") || plain.contains("![") || plain.contains("[^")
      return acts ? line : nil
    }
  }

  /// What a spreadsheet would compute.
  private func isFormula(_ cell: String) -> Bool {
    cell.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false
  }

  /// As RFC 4180 reads it.
  private func records(_ csv: String) -> [[String]] {
    var (records, record, cell): ([[String]], [String], String.UnicodeScalarView) = ([], [], .init())
    var (isQuoted, wasQuote) = (false, false)
    for scalar in csv.unicodeScalars {
      if isQuoted {
        if scalar == "\"" {
          (isQuoted, wasQuote) = (false, true)
        } else {
          cell.append(scalar)
        }
        continue
      }
      switch scalar {
      case "\"":
        if wasQuote { cell.append(scalar) }
        isQuoted = true
      case ",":
        record.append(String(cell))
        cell = .init()
      case "\r": break
      case "\n":
        records.append(record + [String(cell)])
        (record, cell) = ([], .init())
      default: cell.append(scalar)
      }
      wasQuote = false
    }
    return records
  }

  @Test("Markdown, CSV, Mermaid and text: the same headings, tables, columns and bars as with harmless words")
  func structureHolds() throws {
    let places = 19
    let plain = try HostileTextTests().file("harmless")
    let plainStructure = structure(PostmortemMarkdown(Postmortem(plain)).text)
    let plainActives = actives(PostmortemMarkdown(Postmortem(plain)).text)
    let plainTimeline = structure(TimelineReport(plain).markdown)
    let plainColumns = records(TimelineReport(plain).csv).map(\.count)
    let plainBars = try TimelineReport(plain).mermaid().split(separator: "\n").count
    let texts = HostileTexts.all + (Figures.isLong ? HostileTexts.pairs : [])
    #expect(plainColumns.count > 10 && plainStructure.count > 40)
    for text in texts {
      let file = try HostileTextTests().file(text)
      let report = PostmortemMarkdown(Postmortem(file)).text
      // What is blank has no block of its own where an output would stand.
      let isBlank = text.allSatisfy(\.isWhitespace)
      #expect(
        structure(report).filter { !isBlank || $0 != "fence" } == plainStructure.filter { !isBlank || $0 != "fence" },
        "\(text.debugDescription)")
      #expect(actives(report) == plainActives, "\(text.debugDescription)")
      #expect(structure(TimelineReport(file).markdown) == plainTimeline, "\(text.debugDescription)")
      let cells = records(TimelineReport(file).csv)
      #expect(cells.map(\.count) == plainColumns, "\(text.debugDescription)")
      for cell in cells.joined() { #expect(!isFormula(cell), "\(cell)") }
      let chart = try TimelineReport(file).mermaid()
      #expect(chart.split(separator: "\n").count == plainBars, "\(text.debugDescription)")
      #expect(!chart.contains("%%") && !chart.contains(";"), "\(text.debugDescription)")
      let run = try RunReport(RunID(number: 1), in: file)
      for shown in [report, run.text(), TimelineReport(file, everything: true).text(), IncidentReport(file).text()] {
        #expect(shown == shown.visible(keepingLineBreaks: true), "\(text.debugDescription)")
      }
    }
    Figures.record(
      ["texts": texts.count, "combinations": texts.count * places],
      promise: "What is recorded changes nothing in a report but its words",
      attack: "the same texts as titles, notes, reasons, handles, answers, outputs", in: "Injection")
  }

  @Test("a table of results as CSV: every cell stays one, and none begins like a formula")
  func results() throws {
    let texts = HostileTexts.all + HostileTexts.pairs
    for text in texts {
      let outputs: [String: Value] = [
        "columns": .list([.text(text), .text("b")]),
        "rows": .list([.map([text: .text(text), "b": .number(-1)]), .map([text: .text("x"), "b": .text(text)])]),
      ]
      let cells = records(try #require(ResultTable(outputs)).csv)
      #expect(cells.map(\.count) == [2, 2, 2], "\(text.debugDescription)")
      for cell in [cells[0][0], cells[1][0], cells[2][1]] {
        #expect(!isFormula(cell), "\(cell.debugDescription)")
      }
    }
    Figures.record(
      ["texts": texts.count, "combinations": texts.count * 3],
      promise: "What is recorded changes nothing in a report but its words",
      attack: "the same texts as columns and cells of a result in CSV", in: "Injection")
  }
}
