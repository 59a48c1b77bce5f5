/// What stands at the beginning of a line and makes it more than words.
enum MarkdownMarks {
  struct Fence {
    let mark: UInt8
    let length: Int
    let indent: Int
    let language: String

    init?(_ line: MarkdownLine) {
      guard line.indent < 4 else { return nil }
      let rest = line.trimmedStart
      guard let mark = rest.first, mark == .backtick || mark == UInt8(ascii: "~") else { return nil }
      let length = rest.prefix { $0 == mark }.count
      let info = rest.dropFirst(length).trimmed
      guard length >= 3, mark != .backtick || !info.contains(.backtick) else { return nil }
      self.mark = mark
      self.length = length
      indent = line.indent
      language = info.prefix { $0 != .space && $0 != .tab }.text
    }

    func isClosed(by line: MarkdownLine) -> Bool {
      guard line.indent < 4 else { return false }
      let rest = line.trimmed
      return rest.count >= length && rest.allSatisfy { $0 == mark }
    }
  }

  struct Item {
    /// The number of a numbered item.
    let number: Int?
    /// `-`, `*`, `+`, `.` or `)`.
    let mark: UInt8
    /// The column in which its words begin.
    let width: Int
    let words: MarkdownLine

    init?(_ line: MarkdownLine) {
      let indent = line.indent
      guard indent < 4 else { return nil }
      let rest = line.dropFirst(indent)
      let digits = rest.prefix(while: \.isDigit)
      guard digits.count <= 9, let mark = rest.dropFirst(digits.count).first else { return nil }
      let marks = digits.isEmpty ? "-*+" : ".)"
      guard marks.utf8.contains(mark) else { return nil }
      let behind = rest.dropFirst(digits.count + 1)
      let spaces = behind.prefix { $0 == .space || $0 == .tab }.count
      guard behind.isEmpty || spaces > 0 else { return nil }
      // More than four: the words are indented code, which begins behind the first space.
      let gap = behind.isBlank || spaces > 4 ? 1 : spaces
      number = digits.isEmpty ? nil : Int(digits.text)
      self.mark = mark
      width = indent + digits.count + 1 + gap
      words = behind.isBlank ? [] : behind.dropFirst(gap)
    }

    func continues(_ other: Item) -> Bool { mark == other.mark && (number == nil) == (other.number == nil) }
  }

  /// 1 to 6, and the words.
  static func heading(_ line: MarkdownLine) -> (level: Int, words: MarkdownLine)? {
    guard line.indent < 4 else { return nil }
    let rest = line.trimmedStart
    let level = rest.prefix { $0 == UInt8(ascii: "#") }.count
    let behind = rest.dropFirst(level)
    guard (1...6).contains(level), behind.isEmpty || behind.first == .space || behind.first == .tab else { return nil }
    var words = behind.trimmed
    let closing = words.reversed().prefix { $0 == UInt8(ascii: "#") }.count
    let before = words.dropLast(closing)
    if closing > 0, before.isEmpty || before.last == .space || before.last == .tab { words = before.trimmed }
    return (level, words)
  }

  /// The level of a heading that the line under its words makes.
  static func underline(_ line: MarkdownLine) -> Int? {
    let rest = line.trimmed
    guard line.indent < 4, let mark = rest.first, rest.allSatisfy({ $0 == mark }) else { return nil }
    return mark == UInt8(ascii: "=") ? 1 : mark == UInt8(ascii: "-") ? 2 : nil
  }

  static func isRule(_ line: MarkdownLine) -> Bool {
    guard line.indent < 4, let mark = line.trimmedStart.first, "-*_".utf8.contains(mark) else { return false }
    return line.allSatisfy { $0 == mark || $0 == .space || $0 == .tab } && line.count { $0 == mark } >= 3
  }

  static func isQuote(_ line: MarkdownLine) -> Bool {
    line.indent < 4 && line.trimmedStart.first == UInt8(ascii: ">")
  }
}
