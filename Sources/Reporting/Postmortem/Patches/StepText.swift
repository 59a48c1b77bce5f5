internal import IncidentModel
internal import Playbooks

/// Where a step stands in the recorded text of its playbook, and that text with something changed.
struct StepText {
  let lines: [String]
  /// Its first and its last line, by their places in `lines`.
  let place: ClosedRange<Int>
  /// In front of its keys, in characters.
  private let indent: Int
  /// Each key on a line of its own; else it is written in one line with braces.
  private let isBlock: Bool

  /// - Returns: `nil` when the text is not the one the step was read from, or when a patch could not say it faithfully.
  init?(_ step: Step, in source: PlaybookSource) {
    guard let lines = RecordedText.lines(source), lines.indices.contains(step.location.line - 1) else { return nil }
    let first = step.location.line - 1
    indent = step.location.column - 1
    let own = lines[first].dropFirst(indent)
    guard let head = own.first, !head.isWhitespace else { return nil }
    isBlock = head != "{"
    var last = first
    if isBlock {
      for index in lines.indices.dropFirst(first + 1) where !lines[index].allSatisfy(\.isWhitespace) {
        let depth = lines[index].prefix { $0 == " " }.count
        if depth <= indent, lines[index].dropFirst(depth).first == "#" { continue }
        if depth < indent { break }
        last = index
      }
    }
    self.lines = lines
    place = first...last
  }

  /// The text with another value behind `key`; `nil` where it stands nowhere, or more than once.
  func replacing(_ key: String, with value: String) -> [String]? {
    let all = place.flatMap { line in values(of: key, in: lines[line]).map { (line: line, range: $0) } }
    let own = all.filter { isOwn(key, line: $0.line) }
    guard let only = own.count == 1 ? own.first : all.count == 1 ? all.first : nil else { return nil }
    var changed = lines
    changed[only.line].replaceSubrange(only.range, with: value)
    return changed
  }

  /// Where the plain values behind `key` stand in a line; longer keys that end like it are others.
  private func values(of key: String, in line: String) -> [Range<String.Index>] {
    line.ranges(of: "\(key):").compactMap { found in
      let before = line[..<found.lowerBound].last ?? " "
      let value = line[found.upperBound...].drop { $0 == " " }
      let word = value.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
      guard !before.isLetter, before != "_", !word.isEmpty else { return nil }
      return word.startIndex..<word.endIndex
    }
  }

  /// Whether a line begins with a key of the step itself, not with one of what is in it.
  private func isOwn(_ key: String, line: Int) -> Bool {
    isBlock && lines[line].dropFirst(indent).hasPrefix("\(key):")
      && (line == place.lowerBound || lines[line].prefix(indent).allSatisfy { $0 == " " })
  }

  /// The text with lines at the end of the step, as deep as its keys; `nil` for a step in one line.
  func appending(_ more: [String]) -> [String]? {
    guard isBlock else { return nil }
    let space = String(repeating: " ", count: indent)
    return Array(lines[...place.upperBound]) + more.map { space + $0 } + lines[(place.upperBound + 1)...]
  }
}

/// The lines of a playbook as it was recorded.
enum RecordedText {
  /// Without line breaks. `nil` where a patch shown in a report would not be the text byte for byte: it is not there,
  /// ends without a line break, or holds what is shown as something else.
  static func lines(_ source: PlaybookSource) -> [String]? {
    let text = source.text
    guard text.unicodeScalars.last == "\n", !text.unicodeScalars.contains("\r"),
      text == text.visible(keepingLineBreaks: true), !text.contains("<!--")
    else { return nil }
    return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
