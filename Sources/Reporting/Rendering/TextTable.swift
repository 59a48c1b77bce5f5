internal import IncidentModel

/// Plain columns, aligned by what a terminal shows. The last column takes what is left of the line; where too little
/// is left for it, it goes under the others.
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
    let start = fixed.reduce(indent.count) { $0 + $1 + 2 }
    if !fixed.isEmpty, width - start < narrowest { return rows.flatMap { stacked($0, width) } }
    return rows.flatMap { row -> [String] in
      let head = fixed.indices.map { column in
        let cell = row[column].truncated(to: fixed[column])
        return alignedRight.contains(column) ? cell.paddedLeft(to: fixed[column]) : cell.padded(to: fixed[column])
      }
      let begin = indent + head.map { $0 + "  " }.joined()
      return parts(of: row.last ?? "", width - start).enumerated().map { index, part in
        (index == 0 ? begin + part : String(repeating: " ", count: start) + part).withoutTrailingSpace
      }
    }
  }

  /// The least that the last column is read in.
  private var narrowest: Int { overflow == .cut ? 8 : 20 }

  private func parts(of cell: String, _ room: Int) -> [String] {
    overflow == .cut ? [cell.truncated(to: max(narrowest, room))] : cell.wrapped(to: max(narrowest, room))
  }

  /// One row over several lines: the cells one behind the other, the last one under them.
  private func stacked(_ row: [String], _ width: Int) -> [String] {
    let head = row.dropLast().filter { !$0.isEmpty }
    let room = max(narrowest, width - indent.count - 4)
    let lines = head.joined(separator: "  ").wrapped(to: max(narrowest, width - indent.count)).enumerated().map {
      (indent + ($0.offset == 0 ? "" : "    ") + $0.element).withoutTrailingSpace
    }
    let last = row.last ?? ""
    return lines + (last.isEmpty ? [] : parts(of: last, room).map { "\(indent)    \($0)".withoutTrailingSpace })
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
