internal import IncidentModel

/// Plain columns, aligned by what a terminal shows. The last column takes what is left of the line.
struct TextTable {
  enum Overflow {
    /// The last column is cut, with `…`.
    case cut
    /// The last column goes on under itself.
    case wrap
  }

  private let rows: [[String]]
  private let indent: String
  private let alignedRight: Set<Int>
  private let overflow: Overflow

  /// - Parameter rows: foreign text and all; every row with the same number of cells.
  init(_ rows: [[String]], indent: Int = 2, alignedRight: Set<Int> = [], overflow: Overflow = .wrap) {
    self.rows = rows.map { $0.map(\.onOneLine) }
    self.indent = String(repeating: " ", count: indent)
    self.alignedRight = alignedRight
    self.overflow = overflow
  }

  /// - Parameter limits: the most columns that a cell gets, by its index; longer ones are cut.
  func lines(width: Int, limits: [Int: Int] = [:]) -> [String] {
    guard let first = rows.first else { return [] }
    let fixed = first.indices.dropLast().map { column in
      min(rows.map { $0[column].displayWidth }.max() ?? 0, limits[column] ?? .max)
    }
    return rows.flatMap { row -> [String] in
      let head = fixed.indices.map { column in
        let cell = row[column].truncated(to: fixed[column])
        return alignedRight.contains(column) ? cell.paddedLeft(to: fixed[column]) : cell.padded(to: fixed[column])
      }
      let start = indent + head.map { $0 + "  " }.joined()
      let last = row.last ?? ""
      let room = max(overflow == .cut ? 8 : 16, width - start.displayWidth)
      let parts = overflow == .cut ? [last.truncated(to: room)] : last.wrapped(to: room)
      return parts.enumerated().map { index, part in
        (index == 0 ? start + part : String(repeating: " ", count: start.displayWidth) + part).withoutTrailingSpace
      }
    }
  }
}

extension String {
  /// Visible, and line breaks and tabs as ` / ` and spaces.
  var onOneLine: String {
    let parts = visible(keepingLineBreaks: true).split { $0 == "\n" }.map(\.withoutTrailingSpace)
    return parts.filter { !$0.isEmpty }.joined(separator: " / ").split(separator: "\t").joined(separator: " ")
  }

  /// Broken between words where possible. Always at least one line.
  func wrapped(to width: Int) -> [String] {
    if displayWidth <= width { return [self] }
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let joined = line.isEmpty ? String(word) : "\(line) \(word)"
      if joined.displayWidth <= width {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = String(word)
      while line.displayWidth > width, let cut = line.firstPart(width: width) {
        lines.append(cut)
        line = String(line.dropFirst(cut.count))
      }
    }
    return lines + [line]
  }

  private func firstPart(width: Int) -> String? {
    var (part, used) = ("", 0)
    for character in self {
      used += String(character).displayWidth
      if used > width { break }
      part.append(character)
    }
    return part.isEmpty ? nil : part
  }

  var withoutTrailingSpace: String { String(reversed().drop { $0 == " " }.reversed()) }
}

extension Substring {
  var withoutTrailingSpace: String { String(self).withoutTrailingSpace }
}
