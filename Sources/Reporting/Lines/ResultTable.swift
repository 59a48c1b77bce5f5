public import IncidentModel

/// The rows that a step's query returned, in the order and with the columns of the query.
public struct ResultTable: Sendable, Hashable {
  public let columns: [String]
  /// Those that were kept, each with a value for every column.
  public let rows: [[Value]]
  /// How many there were; more than `rows` has when the result was too long to keep.
  public let count: Int

  /// - Parameter outputs: of a step, as they were recorded.
  /// - Returns: `nil` when they hold no list of rows: it was no query, or its output is sensitive.
  public init?(_ outputs: [String: Value]) {
    guard case .list(let items)? = outputs["rows"] else { return nil }
    let members = items.compactMap { if case .map(let members) = $0 { members } else { nil } }
    guard members.count == items.count else { return nil }
    // Records of earlier versions do not tell the order of the columns.
    columns = Self.columns(in: outputs) ?? members.first?.keys.sorted() ?? []
    rows = members.map { [columns] row in columns.map { row[$0] ?? .null } }
    if case .number(let number)? = outputs["row_count"], let count = number.integer, count > rows.count {
      self.count = count
    } else {
      count = rows.count
    }
  }

  private static func columns(in outputs: [String: Value]) -> [String]? {
    guard case .list(let names)? = outputs["columns"] else { return nil }
    return names.map(\.displayText)
  }

  /// A heading and one record for each row that was kept; empty without rows. NULL is an empty cell, a list or a map
  /// is JSON. Ends with CR LF.
  public var csv: String {
    guard !rows.isEmpty else { return "" }
    let records = rows.map { row in row.map(Self.cell) }
    return ([columns.map { CSV.cell($0.visible) }] + records).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func cell(_ value: Value) -> String {
    switch value {
    case .null, .absent: ""
    // A number is no formula, also with a minus in front.
    case .number(let number): number.description
    default: CSV.cell(value.displayText.visible(keepingLineBreaks: true))
    }
  }

  /// The first rows as a table of Markdown, and how many there are more; `nil` without rows.
  func markdown(limit: Int) -> String? {
    guard !rows.isEmpty else { return nil }
    let shown = rows.prefix(limit).map { row in row.map { Markdown.cell(Self.text($0).truncated(to: 60)) } }
    let table = Markdown.table(columns.map(Markdown.cell), Array(shown), alignedRight: numeric)
    return count > shown.count ? "\(table)\n\n\(more(than: shown.count))" : table
  }

  /// A value in its cell. NULL is a word, so that nobody takes it for an empty text.
  static func text(_ value: Value) -> String {
    switch value {
    case .null, .absent: "NULL"
    default: value.displayText.onOneLine
    }
  }

  /// The columns that hold numbers and nothing else but NULL.
  var numeric: Set<Int> {
    Set(
      columns.indices.filter { column in
        let values = rows.map { $0[column] }.filter { $0 != .null }
        return !values.isEmpty && values.allSatisfy { if case .number = $0 { true } else { false } }
      })
  }

  func more(than shown: Int) -> String { "… \(count - shown) more \(count - shown == 1 ? "row" : "rows")" }
}
