import IncidentModel

/// Text in lines that fit the terminal.
enum Paragraph {
  /// Broken between words where possible; every line after the first begins with `indent` spaces.
  static func lines(_ text: String, width: Int, indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let start = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line: String?
    for word in text.dropFirst(start.count).split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let joined = line.map { "\($0) \(word)" } ?? (lines.isEmpty ? start + word : word)
      if joined.displayWidth <= width - (lines.isEmpty ? 0 : indent) {
        line = joined
        continue
      }
      if let line { lines.append((lines.isEmpty ? "" : margin) + line) }
      var rest = line == nil && lines.isEmpty ? start + word : word
      while rest.displayWidth > max(width - indent, 8) {
        let piece = rest.head(of: max(width - indent, 8))
        lines.append((lines.isEmpty ? "" : margin) + piece)
        rest = String(rest.dropFirst(piece.count))
      }
      line = rest
    }
    lines.append((lines.isEmpty ? "" : margin) + (line ?? start))
    return lines
  }

  /// Pieces side by side with a separator between them, on as many lines as it takes.
  static func joined(_ pieces: [String], by separator: String, width: Int) -> [String] {
    var lines: [String] = []
    for piece in pieces {
      if let last = lines.last, (last + separator + piece).displayWidth <= width {
        lines[lines.count - 1] = last + separator + piece
      } else {
        lines.append(piece)
      }
    }
    return lines.flatMap { Self.lines($0, width: width, indent: 2) }
  }

  /// A label and what stands behind it, wrapped under itself.
  static func labelled(_ label: String, _ text: String, width: Int) -> [String] {
    lines("  \(label.padded(to: 6)) \(text)", width: width, indent: 9)
  }
}

extension String {
  /// The first characters that fit so many columns, at least one.
  fileprivate func head(of width: Int) -> String {
    var piece = ""
    for character in self {
      if !piece.isEmpty, (piece + String(character)).displayWidth > width { break }
      piece.append(character)
    }
    return piece
  }
}
