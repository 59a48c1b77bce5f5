internal import Engine
public import IncidentModel
public import Journaling

/// The story of one incident, alone: `andon timeline show` and `export`.
public struct TimelineReport: Sendable {
  private let file: IncidentFile
  public let rows: [TimelineRow]

  /// - Parameter everything: every entry, also those that only the record of a step needs.
  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader, everything: Bool = false) throws {
    self.init(try IncidentFile(id, reader: reader), everything: everything)
  }

  public init(_ file: IncidentFile, everything: Bool = false) {
    self.file = file
    rows = Timeline.rows(of: file, everything: everything)
  }

  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let day = rows.first.map { "  from \($0.at.calendarDate), times are UTC" } ?? ""
    let title = "\(file.id)  \(file.incident.severity.rawValue)  \(file.incident.title)\(day)"
    let left = file.entries.count - rows.count
    let more =
      left == 0
      ? []
      : NextStep.lines(
        [NextStep(command: "andon timeline show \(file.id) --all", why: "\(left) more, for those who need each")],
        options)
    let body =
      TextTable([[title]], indent: 0).lines(width: options.width)
      + TimelineText(rows, width: options.width).lines
    return [body, more].filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  public func json() throws -> String {
    try ReportJSON.text(
      Shape(
        schemaVersion: ReportJSON.schemaVersion, incident: IncidentLine(file.incident), timeline: rows,
        head: file.head))
  }

  private struct Shape: Codable {
    let schemaVersion: Int
    let incident: IncidentLine
    let timeline: [TimelineRow]
    let head: HeadLine
  }

  /// A table of Markdown under a heading. Ends without a line break.
  public var markdown: String {
    "# Timeline of \(file.id): \(Markdown.inline(file.incident.title))\n\n\(TimelineMarkdown.table(rows))"
  }

  /// A heading and one record for each row. Ends with CR LF.
  public var csv: String {
    let header = [
      "time", "since_detected", "event", "by", "automatic", "starred", "kind", "run", "step", "recorded", "corrects",
      "corrected_by", "entry",
    ]
    return CSV.text(
      [header]
        + rows.map { row in
          [
            row.at.description, row.sinceDetectedText, row.event.visible(keepingLineBreaks: true),
            row.by.visible, String(row.automatic), String(row.starred), row.kind.rawValue, row.run?.description ?? "",
            row.step?.visible ?? "", row.recorded?.description ?? "", row.corrects.map(String.init) ?? "",
            row.correctedBy.map(String.init) ?? "", String(row.entry),
          ]
        })
  }

  /// The steps as bars in time, in Mermaid's language. Ends without a line break.
  /// - Throws: `Problem` when no step ran.
  public func mermaid() throws(Problem) -> String {
    guard let chart = MermaidGantt.chart(Postmortem(file)) else {
      throw Problem(
        "no step has run in \(file.id), so there is nothing to draw", advice: "Take --format md, csv or json.")
    }
    return chart.text + (chart.note.map { "\n  %% \($0)" } ?? "")
  }
}
