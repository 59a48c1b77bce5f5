extension MarkdownBlockReader {
  /// Lines behind `>`, and lines that go on with the last paragraph in them.
  mutating func quote() -> MarkdownBlock {
    var inner: [MarkdownLine] = []
    var fence: MarkdownMarks.Fence?
    while next < lines.count {
      let line = lines[next]
      if MarkdownMarks.isQuote(line) {
        let rest = line.trimmedStart.dropFirst()
        inner.append((rest.first == .space ? rest.dropFirst() : rest).withoutLeadingTabs)
        fence = Self.fence(fence, after: inner[inner.count - 1])
      } else if fence == nil, let last = inner.last, !last.isBlank, !line.isBlank, !interrupts(line, at: next) {
        inner.append(line.trimmedStart)
      } else {
        break
      }
      next += 1
    }
    var reader = MarkdownBlockReader(inner, depth: depth + 1)
    return .quote(reader.blocks().blocks)
  }

  mutating func list(_ first: MarkdownMarks.Item) -> MarkdownList {
    var items: [MarkdownList.Item] = []
    var isLoose = false
    while next < lines.count, !MarkdownMarks.isRule(lines[next]), let item = MarkdownMarks.Item(lines[next]),
      item.continues(first)
    {
      let (inner, endsBlank) = lines(of: item)
      let (isDone, rest) = Self.box(inner)
      var reader = MarkdownBlockReader(rest, depth: depth + 1)
      let (blocks, hasGaps) = reader.blocks()
      items.append(MarkdownList.Item(isDone: isDone, blocks: blocks))
      let goesOn = next < lines.count && MarkdownMarks.Item(lines[next])?.continues(first) == true
      if hasGaps || (endsBlank && goesOn) { isLoose = true }
    }
    return MarkdownList(start: first.number, isLoose: isLoose, items: items)
  }

  /// What belongs to an item, as if it stood at the beginning of the line; and whether blank lines follow.
  private mutating func lines(of item: MarkdownMarks.Item) -> (inner: [MarkdownLine], endsBlank: Bool) {
    var inner = [item.words.withoutLeadingTabs]
    var fence = Self.fence(nil, after: item.words)
    next += 1
    while next < lines.count {
      let line = lines[next]
      if line.isBlank {
        // An item cannot begin with two blank lines.
        if inner.count == 1, inner[0].isEmpty { break }
        inner.append([])
      } else if line.indent >= item.width {
        inner.append(line.dropFirst(item.width))
        fence = Self.fence(fence, after: inner[inner.count - 1])
      } else if fence == nil, let last = inner.last, !last.isBlank, !interrupts(line, at: next),
        MarkdownMarks.Item(line) == nil
      {
        inner.append(line.trimmedStart)
      } else {
        break
      }
      next += 1
    }
    let endsBlank = inner.count > 1 && inner.last?.isBlank == true
    while inner.count > 1, inner.last?.isBlank == true { inner.removeLast() }
    return (inner, endsBlank)
  }

  /// The fence that is open behind a line.
  private static func fence(_ open: MarkdownMarks.Fence?, after line: MarkdownLine) -> MarkdownMarks.Fence? {
    if let open { return open.isClosed(by: line) ? nil : open }
    return MarkdownMarks.Fence(line)
  }

  /// `[ ]` or `[x]` in front of an item's words, taken off.
  private static func box(_ lines: [MarkdownLine]) -> (isDone: Bool?, lines: [MarkdownLine]) {
    guard let first = lines.first else { return (nil, lines) }
    let isOpen = first.starts(with: "[ ] ")
    guard isOpen || first.starts(with: "[x] ") || first.starts(with: "[X] ") else { return (nil, lines) }
    return (!isOpen, [first.dropFirst(4)] + lines.dropFirst())
  }
}
