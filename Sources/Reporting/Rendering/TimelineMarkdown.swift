internal import IncidentModel

/// The rows of a timeline as a table of Markdown.
enum TimelineMarkdown {
  static func table(_ rows: [TimelineRow]) -> String {
    let cells = rows.map { row in
      let event = row.starred ? "**\(Markdown.cell(row.event))**" : Markdown.cell(row.event)
      let later = row.recorded.map { " (written down \($0.clockTime))" } ?? ""
      let by = row.automatic ? "_auto_" : Markdown.cell(row.by)
      return [row.at.clockTime, row.sinceDetectedText, event + later, by, String(row.entry)]
    }
    let day = rows.first.map { "Begins on \($0.at.calendarDate).\n\n" } ?? ""
    return day + Markdown.table(["Time (UTC)", "From detected", "Event", "By", "Entry"], cells)
  }
}
