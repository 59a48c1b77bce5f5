internal import IncidentModel

/// Foreign text inside Markdown: it reads as it is and changes nothing around it.
enum Markdown {
  /// For one line of running text, a list item or a heading: no line break, no markup, no HTML.
  static func inline(_ text: String) -> String { protectingStart(escaped(oneLine(text))) }

  /// For a cell of a table. Never empty, so that columns stay where they are.
  static func cell(_ text: String) -> String {
    let text = escaped(oneLine(text))
    return text.isEmpty ? "–" : text
  }

  /// As code in a line or a cell.
  static func code(_ text: String) -> String {
    // HTML keeps backticks and pipes apart from the table; a code span cannot.
    let line = oneLine(text)
    let plain = line.unicodeScalars.allSatisfy { $0 != "`" && $0 != "|" && $0 != "<" && $0 != "&" }
    return plain && !line.isEmpty ? "`\(line)`" : inline(line)
  }

  /// Several lines in a fence that nothing inside can close.
  static func fenced(_ text: String, _ language: String = "text") -> String {
    var lines = text.visible(keepingLineBreaks: true).split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    let body = GeneratedBlock.disarmed(lines.joined(separator: "\n"))
    let fence = String(repeating: "`", count: max(3, longestRunOfBackticks(in: body) + 1))
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

  /// Looks at Unicode scalars, as Markdown does: to Swift, a bar with an accent on it is another character.
  private static func escaped(_ line: String) -> String {
    var result = String.UnicodeScalarView()
    let scalars = Array(line.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\\", "`", "*", "[", "]", "|", "~", "$": result.append(contentsOf: ["\\", scalar])
      case "_":
        // Inside a word it means nothing, and most names of tables and keys have one.
        let isInside =
          index > 0 && index + 1 < scalars.count && isWordy(scalars[index - 1]) && isWordy(scalars[index + 1])
        result.append(contentsOf: isInside ? [scalar] : ["\\", scalar])
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// What makes a heading, a list or a rule at the start of a line.
  private static func protectingStart(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    if "#+-=".unicodeScalars.contains(first) { return "\\\(text)" }
    let digits = text.unicodeScalars.prefix { ("0"..."9").contains($0) }
    let rest = text.unicodeScalars.dropFirst(digits.count)
    let isMark = rest.first == "." || rest.first == ")"
    // `44.0 s` is no item of a list: a space follows the point of those.
    if !digits.isEmpty, isMark, rest.dropFirst().first.map({ $0 == " " }) ?? true {
      return "\(String(digits))\\\(String(rest))"
    }
    return text
  }

  private static func isWordy(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  private static func longestRunOfBackticks(in text: String) -> Int {
    var (longest, current) = (0, 0)
    for scalar in text.unicodeScalars {
      current = scalar == "`" ? current + 1 : 0
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
