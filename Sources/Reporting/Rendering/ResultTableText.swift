internal import IncidentModel

extension ResultTable {
  /// The most rows that are shown as text.
  public static let shownRows = 40

  /// The table for a terminal: at most `shownRows` rows, and how many there are more. Empty without rows.
  ///
  /// Columns are cut until they fit, but never a number; where even that is too wide, each row stands as a list.
  /// - Parameter width: columns of the terminal to stay within.
  public func lines(width: Int) -> [String] {
    guard !rows.isEmpty else { return [] }
    let shown = rows.prefix(Self.shownRows)
    let cells = shown.map { $0.map(Self.text) }
    let names = columns.map(\.onOneLine)
    let table = widths(names, cells, width).map { grid(names, cells, $0) } ?? list(names, cells, width)
    return count > shown.count ? table + [more(than: shown.count)] : table
  }

  // MARK: - Side by side

  private static let gap = 2
  /// What is left of a text or a heading at least.
  private static let narrowest = 8

  /// How wide each column may be; `nil` when they do not fit beside each other.
  private func widths(_ names: [String], _ cells: [[String]], _ width: Int) -> [Int]? {
    let numeric = numeric
    var widths: [Int] = []
    var least: [Int] = []
    for column in columns.indices {
      let widest = cells.map { $0[column].displayWidth }.max() ?? 0
      let natural = max(names[column].displayWidth, widest)
      widths.append(natural)
      least.append(numeric.contains(column) ? max(widest, min(natural, Self.narrowest)) : min(natural, Self.narrowest))
    }
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
    while excess > 0 {
      let shrinking = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = shrinking.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func grid(_ names: [String], _ cells: [[String]], _ widths: [Int]) -> [String] {
    let numeric = numeric
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([names, rule] + cells).map { row in
      row.indices.map { column in
        let cell = row[column].truncated(to: widths[column])
        return numeric.contains(column) ? cell.paddedLeft(to: widths[column]) : cell.padded(to: widths[column])
      }
      .joined(separator: String(repeating: " ", count: Self.gap)).withoutTrailingSpace
    }
  }

  // MARK: - One below the other

  private func list(_ names: [String], _ cells: [[String]], _ width: Int) -> [String] {
    let longest = min(names.map(\.displayWidth).max() ?? 0, width / 2)
    return cells.enumerated().flatMap { index, row -> [String] in
      let pairs = zip(names, row).map { [$0.truncated(to: longest), $1] }
      return ["row \(index + 1)"] + TextTable(pairs).lines(width: width, limits: [0: longest])
    }
  }
}
