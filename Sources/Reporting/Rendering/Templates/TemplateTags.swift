internal import IncidentModel

/// The tags of a mustache template, in order, each with its line.
struct TemplateTags {
  struct Tag {
    enum Kind: Character {
      case section = "#"
      case inverted = "^"
      case end = "/"
      case raw = "&"
      case value = "v"
    }

    let kind: Kind
    /// Names joined by points; `.` is what a section stands on; empty for what asks about the section itself.
    let name: String
    /// `uppercased` of `uppercased(name)`; `nil` without one.
    let function: String?
    let line: Int
  }

  let tags: [Tag]

  /// - Parameter file: what messages call it.
  init(_ source: String, file: String) throws(Problem) {
    var tags: [Tag] = []
    var line = 1
    var rest = source[...]
    while let begin = rest.firstRange(of: "{{") {
      line += rest[..<begin.lowerBound].lineBreaks
      let isTriple = rest[begin.upperBound...].first == "{"
      let inner = rest[begin.upperBound...].dropFirst(isTriple ? 1 : 0)
      guard let end = inner.firstRange(of: isTriple ? "}}}" : "}}") else {
        throw Problem("\(file):\(line): a {{ is not closed", advice: "Close it with }}, in the same line.")
      }
      let words = inner[..<end.lowerBound]
      if let tag = try Self.tag(words, isTriple: isTriple, at: "\(file):\(line)", line) { tags.append(tag) }
      line += words.lineBreaks
      rest = inner[end.upperBound...]
    }
    self.tags = tags
  }

  private static func tag(_ words: Substring, isTriple: Bool, at place: String, _ line: Int) throws(Problem) -> Tag? {
    if words.first == "!" { return nil }
    if let first = words.first, let feature = refused[first] {
      throw Problem(
        "\(place): {{\(String(words).visible)}} is \(feature), which templates of reports do not have",
        advice: "docs/postmortem-templates.md tells what they have.")
    }
    let kind = isTriple ? .raw : words.first.flatMap { "#^/&".contains($0) ? Tag.Kind(rawValue: $0) : nil } ?? .value
    let text = String((kind == .value || isTriple ? words : words.dropFirst()).filter { !$0.isWhitespace })
    guard let bracket = text.firstIndex(of: "(") else { return Tag(kind: kind, name: text, function: nil, line: line) }
    let name = text[text.index(after: bracket)...].dropLast()
    return Tag(kind: kind, name: String(name), function: String(text[..<bracket]), line: line)
  }

  private static let refused: [Character: String] = [
    ">": "another template", "<": "another template", "$": "a block of another template", "=": "a change of the marks",
    "%": "a pragma",
  ]
}

extension Substring {
  fileprivate var lineBreaks: Int { utf8.count { $0 == UInt8(ascii: "\n") } }
}
