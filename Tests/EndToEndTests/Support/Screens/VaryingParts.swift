import Foundation
import Glibc

/// What is different each time although nothing has changed: moments, durations, hashes, ports, processes, folders.
struct VaryingParts {
  /// The folders of a test, which are called `<folder>`.
  let folders: [String]

  /// Long before short: a moment holds a clock.
  private static let patterns: [(String, String)] = [
    (#"/tmp/andon-[a-zA-Z]+-[0-9A-Za-z-]+"#, "<folder>"),
    (#"\b0x[0-9a-fA-F]{8,}\b"#, "0x<hex>"),
    (#"\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"#, "<id>"),
    (#"\b(?=[a-f]*[0-9])[0-9a-f]{12,64}\b"#, "<hash>"),
    (#"\b\d{4}-\d{2}-\d{2}(?!\d)"#, "<date>"),
    (#"(?<![\d:])\d{2}:\d{2}:\d{2}(\.\d+)?"#, "<time>"),
    (#"\b(127\.0\.0\.1|localhost|\[::1\]):\d+"#, "$1:<port>"),
    (#"(?<![\d:.])(\d{1,3}:\d{2}(?![\d:])|(\d+ ms|\d+\.\d s)\b)"#, "<dur>"),
    (#"\[[#-]{6,}\]"#, "[<bar>]"),
    (#"\b(process|pid) \d+"#, "$1 <pid>"),
    // Around midnight a moment says its day too.
    (#"<date> (?=<time>)"#, ""),
    // What is padded to a column moves with the length of the duration in it.
    (#" +(~?<dur>)"#, " $1"), (#"(<dur>) +"#, "$1 "),
  ]

  /// What was typed, between « and », stays as it is: it is typed again.
  func settled(_ text: String) -> String {
    var (settled, rest) = ("", text[...])
    while let typed = rest.firstMatch(of: /«[^»]*»/) {
      settled += settledPart(String(rest[..<typed.range.lowerBound])) + typed.output
      rest = rest[typed.range.upperBound...]
    }
    return settled + settledPart(String(rest))
  }

  private func settledPart(_ text: String) -> String {
    var text = text
    for folder in folders.sorted(by: { $0.count > $1.count }) { text = text.replacing(folder, with: "<folder>") }
    for (pattern, name) in Self.patterns {
      text = text.replacingOccurrences(of: pattern, with: name, options: .regularExpression)
    }
    return text.replacing("@\(Self.host)", with: "@<host>").replacing(" on \(Self.host)", with: " on <host>")
  }

  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }()
}
