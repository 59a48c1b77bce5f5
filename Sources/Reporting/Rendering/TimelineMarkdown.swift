internal import IncidentModel

/// The rows of a timeline as a table of Markdown.
enum TimelineMarkdown {
  /// More rows than this are too many for the body of a report.
  static let mostInBody = 40

  /// The date stands where it changes, and in the first row.
  static func table(_ rows: [TimelineRow]) -> String {
    var day = ""
    let cells = rows.map { row in
      let date = row.at.calendarDate
      let time = date == day ? row.at.clockTime : "\(date) \(row.at.clockTime)"
      day = date
      return [time, row.sinceDetectedText, event(row), by(row), String(row.entry)]
    }
    return Markdown.table(["Time (UTC)", "From detected", "Event", "By", "Entry"], cells)
  }

  private static func event(_ row: TimelineRow) -> String {
    let text = row.starred ? "**\(Markdown.cell(row.event))**" : Markdown.cell(row.event)
    guard let recorded = row.recorded else { return text }
    let isSameDay = recorded.calendarDate == row.at.calendarDate
    return text + " (written down \(isSameDay ? "" : recorded.calendarDate + " ")\(recorded.clockTime))"
  }

  /// People by their names, in bold; what nobody said or decided as such.
  static func by(_ row: TimelineRow) -> String { row.automatic ? "_auto_" : "**\(Markdown.cell(row.by))**" }
}
