internal import IncidentModel

/// Foreign text inside Markdown: it reads as it is and changes nothing around it.
enum Markdown {
  /// For one line of running text, a list item or a heading: no line break, no markup, no HTML.
  static func inline(_ text: String) -> String {
    let line = oneLine(text)
    var result = ""
    var previous: Character?
    let characters = Array(line)
    for (index, character) in characters.enumerated() {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "[", "]", "|", "~", "$": result += "\\\(character)"
      case "_":
        // Inside a word it means nothing, and most names of tables and keys have one.
        let next = index + 1 < characters.count ? characters[index + 1] : nil
        result += isWordy(previous) && isWordy(next) ? "_" : "\\_"
      default: result.append(character)
      }
      previous = character
    }
    return protectingStart(result)
  }

  /// For a cell of a table. Never empty, so that columns stay where they are.
  static func cell(_ text: String) -> String {
    let text = inline(text)
    return text.isEmpty ? "–" : text
  }

  /// As code in a line or a cell.
  static func code(_ text: String) -> String {
    // HTML keeps backticks and pipes apart from the table; a code span cannot.
    let line = oneLine(text)
    let plain = line.allSatisfy { $0 != "`" && $0 != "|" && $0 != "<" && $0 != "&" }
    return plain && !line.isEmpty ? "`\(line)`" : inline(line)
  }

  /// Several lines in a fence that nothing inside can close.
  static func fenced(_ text: String, _ language: String = "text") -> String {
    var lines = text.visible(keepingLineBreaks: true).split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let body = GeneratedBlock.disarmed(lines.joined(separator: "\n"))
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: body) + 1))
    return "\(fence)\(language)\n\(body)\n\(fence)"
  }

  static func table(_ header: [String], _ rows: [[String]], alignedRight: Set<Int> = []) -> String {
    let rule = header.indices.map { alignedRight.contains($0) ? "---:" : "---" }
    return ([header, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }

  private static func oneLine(_ text: String) -> String {
    text.visible(keepingLineBreaks: true).split { $0 == "\n" || $0 == "\t" }
      .map { $0.trimmed }.filter { !$0.isEmpty }.joined(separator: " / ")
  }

  /// What makes a heading, a list or a rule at the start of a line.
  private static func protectingStart(_ text: String) -> String {
    guard let first = text.first else { return "" }
    if "#+-=".contains(first) { return "\\\(text)" }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    if !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")" { return "\(digits)\\\(rest)" }
    return text
  }

  private static func isWordy(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }

  private static func longestRun(of character: Character, in text: String) -> Int {
    var (longest, current) = (0, 0)
    for next in text {
      current = next == character ? current + 1 : 0
      longest = max(longest, current)
    }
    return longest
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
