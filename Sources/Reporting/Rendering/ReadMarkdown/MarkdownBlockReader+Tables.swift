extension MarkdownBlockReader {
  /// Whether the next two lines are the head of a table.
  var startsTable: Bool { head != nil }

  private var head: (cells: [MarkdownLine], alignments: [MarkdownTable.Alignment])? {
    guard next + 1 < lines.count, lines[next].indent < 4, lines[next + 1].indent < 4,
      lines[next].contains(UInt8(ascii: "|")), let alignments = Self.alignments(lines[next + 1])
    else { return nil }
    let cells = Self.cells(lines[next])
    return cells.count == alignments.count ? (cells, alignments) : nil
  }

  mutating func table() -> MarkdownTable? {
    guard let head else { return nil }
    next += 2
    var rows: [[[MarkdownInline]]] = []
    while next < lines.count, !lines[next].isBlank, !interrupts(lines[next], at: next) {
      let cells = Self.cells(lines[next]).prefix(head.cells.count).map { MarkdownInlineReader.read($0) }
      rows.append(cells + Array(repeating: [], count: head.cells.count - cells.count))
      next += 1
    }
    return MarkdownTable(
      alignments: head.alignments, header: head.cells.map { MarkdownInlineReader.read($0) }, rows: rows)
  }

  private static func alignments(_ line: MarkdownLine) -> [MarkdownTable.Alignment]? {
    guard line.contains(UInt8(ascii: "-")), line.allSatisfy({ "|-: \t".utf8.contains($0) }) else { return nil }
    var alignments: [MarkdownTable.Alignment] = []
    for cell in cells(line) {
      let (isLeft, isRight) = (cell.first == UInt8(ascii: ":"), cell.last == UInt8(ascii: ":"))
      let rule = cell.dropFirst(isLeft ? 1 : 0).dropLast(isRight && cell.count > 1 ? 1 : 0)
      guard !rule.isEmpty, rule.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
      alignments.append(isLeft && isRight ? .centre : isRight ? .right : isLeft ? .left : .none)
    }
    return alignments.isEmpty ? nil : alignments
  }

  /// Between the bars; `\|` is a bar of the words.
  static func cells(_ line: MarkdownLine) -> [MarkdownLine] {
    var cells: [[UInt8]] = [[]]
    var rest = line.trimmed
    if rest.first == UInt8(ascii: "|") { rest = rest.dropFirst() }
    for byte in rest {
      if byte != UInt8(ascii: "|") {
        cells[cells.count - 1].append(byte)
      } else if cells[cells.count - 1].last == .backslash {
        cells[cells.count - 1][cells[cells.count - 1].count - 1] = byte
      } else {
        cells.append([])
      }
    }
    if cells.count > 1, cells[cells.count - 1][...].isBlank, rest.last == UInt8(ascii: "|") { cells.removeLast() }
    return cells.map { $0[...].trimmed }
  }
}
