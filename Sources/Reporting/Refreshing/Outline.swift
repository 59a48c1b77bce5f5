/// The headings of a report, by their places among its pieces.
struct Outline {
  struct Heading: Hashable {
    /// Among the pieces.
    let index: Int
    /// Number of `#`.
    let level: Int
    let text: String
  }

  let headings: [Heading]
  private let end: Int

  /// Headings in fenced code are code.
  init(_ pieces: [ReportDocument.Piece]) {
    var headings: [Heading] = []
    var fence: (mark: Character, length: Int)?
    for (index, piece) in pieces.enumerated() {
      guard case .human(let line) = piece else { continue }
      let text = line.text
      let trimmed = text.drop { $0 == " " }
      let isIndented = text.count - trimmed.count > 3
      if let first = trimmed.first, first == "`" || first == "~", !isIndented {
        let length = trimmed.prefix { $0 == first }.count
        if let open = fence {
          let isEnd =
            first == open.mark && length >= open.length && trimmed.dropFirst(length).allSatisfy(\.isWhitespace)
          if isEnd { fence = nil }
        } else if length >= 3 {
          fence = (first, length)
        }
      } else if fence == nil, !isIndented, let heading = Self.heading(trimmed, index) {
        headings.append(heading)
      }
    }
    self.headings = headings
    end = pieces.count
  }

  private static func heading(_ line: Substring, _ index: Int) -> Heading? {
    let level = line.prefix { $0 == "#" }.count
    let rest = line.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
    return Heading(index: index, level: level, text: String(rest.drop(while: \.isWhitespace)))
  }

  /// The heading that a piece stands under.
  func heading(above index: Int) -> Heading? { headings.last { $0.index < index } }

  /// The pieces under a heading, up to the next one of its rank; under the title, up to the next one of any.
  func section(of heading: Heading) -> Range<Int> {
    let next = headings.first { $0.index > heading.index && (heading.level == 1 || $0.level <= heading.level) }
    return heading.index + 1..<(next?.index ?? end)
  }

  /// The heading that says the same. The title may say something else by now.
  func heading(like other: Heading) -> Heading? {
    headings.first { $0.level == other.level && (other.level == 1 || $0.text == other.text) }
  }
}
