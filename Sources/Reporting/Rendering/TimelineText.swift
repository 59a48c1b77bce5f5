internal import IncidentModel

/// The rows of a timeline as plain text: `UTC time | T+mm:ss | * | event | by | #entry`. Where the line is short, the
/// event stands under the rest.
struct TimelineText {
  private let rows: [TimelineRow]
  private let width: Int
  private let by: Int
  private let since: Int
  private let entry: Int

  private static let indent = "  "
  private static let mostOfBy = 14
  /// Below this the columns do not fit beside one another.
  private static let narrow = 60

  init(_ rows: [TimelineRow], width: Int) {
    self.rows = rows
    self.width = width
    by = min(Self.mostOfBy, rows.map { $0.byText.onOneLine.displayWidth }.max() ?? 0)
    since = rows.map { $0.sinceDetectedText.count }.max() ?? 0
    entry = rows.map { "#\($0.entry)".count }.max() ?? 0
  }

  var lines: [String] {
    let days = Set(rows.map(\.at.calendarDate))
    var day = ""
    return rows.flatMap { row -> [String] in
      let date = row.at.calendarDate
      let isNew = days.count > 1 && date != day
      day = date
      return (isNew ? [date] : []) + (width < Self.narrow ? stacked(row) : columns(row))
    }
  }

  private func mark(_ row: TimelineRow) -> String { row.starred ? "*" : " " }

  private func columns(_ row: TimelineRow) -> [String] {
    let head = "\(Self.indent)\(row.at.clockTime)  \(row.sinceDetectedText.padded(to: since))  \(mark(row)) "
    let tail = "  \(row.byText.onOneLine.truncated(to: by).padded(to: by))  #\(row.entry)"
    let room = max(16, width - head.displayWidth - 4 - by - entry)
    return row.eventText.onOneLine.wrapped(to: room).enumerated().map { index, part in
      index == 0
        ? head + part.padded(to: room) + tail : String(repeating: " ", count: head.displayWidth) + part
    }
  }

  private func stacked(_ row: TimelineRow) -> [String] {
    let facts = [
      row.at.clockTime, row.sinceDetectedText, row.starred ? "*" : "", row.byText.onOneLine, "#\(row.entry)",
    ]
    let head = Self.indent + facts.filter { !$0.isEmpty }.joined(separator: "  ")
    return [head.truncated(to: width)] + row.eventText.onOneLine.wrapped(to: width - 4).map { "    \($0)" }
  }
}
