/// Reads lines as blocks. What stands inside quotes and lists is read by another one, a level deeper.
struct MarkdownBlockReader {
  var lines: [MarkdownLine]
  var next = 0
  let depth: Int
  /// The last line in which a comment can end.
  private let lastCommentEnd: Int

  init(_ lines: [MarkdownLine], depth: Int) {
    self.lines = lines
    self.depth = depth
    lastCommentEnd = lines.lastIndex { $0.place(of: "-->", from: $0.startIndex) != nil } ?? -1
  }

  /// Every block, and whether blank lines stand between two of them.
  mutating func blocks() -> (blocks: [MarkdownBlock], hasGaps: Bool) {
    var blocks: [MarkdownBlock] = []
    var (hasGaps, wasBlank) = (false, false)
    while next < lines.count {
      if lines[next].isBlank {
        wasBlank = true
        next += 1
      } else if let block = block() {
        if wasBlank, !blocks.isEmpty { hasGaps = true }
        wasBlank = false
        blocks.append(block)
      }
    }
    return (blocks, hasGaps)
  }

  /// `nil` after a comment, which is left out. Every call takes at least one line, or the comment in front of it.
  private mutating func block() -> MarkdownBlock? {
    let line = lines[next]
    if skipComment() { return nil }
    if line.indent >= 4 { return indentedCode() }
    if let fence = MarkdownMarks.Fence(line) { return fencedCode(fence) }
    if let (level, words) = MarkdownMarks.heading(line) {
      next += 1
      return .heading(level: level, MarkdownInlineReader.read(words))
    }
    if MarkdownMarks.isRule(line) {
      next += 1
      return .rule
    }
    if depth < MarkdownDocument.deepest {
      if MarkdownMarks.isQuote(line) { return quote() }
      if let item = MarkdownMarks.Item(line) { return .list(list(item)) }
    }
    if let table = table() { return .table(table) }
    return paragraph()
  }

  /// Whether a line ends the paragraph in front of it.
  func interrupts(_ line: MarkdownLine, at place: Int) -> Bool {
    if line.indent >= 4 { return false }
    if MarkdownMarks.Fence(line) != nil || MarkdownMarks.heading(line) != nil || MarkdownMarks.isRule(line) {
      return true
    }
    if place <= lastCommentEnd, line.trimmedStart.starts(with: "<!--") { return true }
    guard depth < MarkdownDocument.deepest else { return false }
    if MarkdownMarks.isQuote(line) { return true }
    return MarkdownMarks.Item(line).map { !$0.words.isEmpty && ($0.number ?? 1) == 1 } ?? false
  }

  /// A comment that ends nowhere is none: nothing of a report may vanish because of it.
  private mutating func skipComment() -> Bool {
    let line = lines[next]
    guard next <= lastCommentEnd, line.indent < 4, line.trimmedStart.starts(with: "<!--") else { return false }
    var start = line.trimmedStart.startIndex + 4
    for place in next...lastCommentEnd {
      if let end = lines[place].place(of: "-->", from: start) {
        lines[place] = lines[place][(end + 3)...]
        next = place
        return true
      }
      if place + 1 < lines.count { start = lines[place + 1].startIndex }
    }
    return false
  }

  private mutating func fencedCode(_ fence: MarkdownMarks.Fence) -> MarkdownBlock {
    next += 1
    var code: [String] = []
    while next < lines.count {
      let line = lines[next]
      next += 1
      if fence.isClosed(by: line) { break }
      code.append(line.dropFirst(min(line.indent, fence.indent)).text)
    }
    return .code(code.joined(separator: "\n"), language: fence.language)
  }

  private mutating func indentedCode() -> MarkdownBlock {
    var code: [String] = []
    while next < lines.count, lines[next].indent >= 4 || lines[next].isBlank {
      code.append(lines[next].dropFirst(min(lines[next].indent, 4)).text)
      next += 1
    }
    while code.last?.isEmpty == true { code.removeLast() }
    return .code(code.joined(separator: "\n"), language: "")
  }

  private mutating func paragraph() -> MarkdownBlock {
    var words = Array(lines[next].trimmedStart)
    next += 1
    while next < lines.count {
      let line = lines[next]
      if line.isBlank { break }
      if let level = MarkdownMarks.underline(line) {
        next += 1
        return .heading(level: level, MarkdownInlineReader.read(words[...].trimmed))
      }
      if interrupts(line, at: next) || startsTable { break }
      words.append(.lineFeed)
      words += line.trimmedStart
      next += 1
    }
    return .paragraph(MarkdownInlineReader.read(words[...].trimmed))
  }
}
