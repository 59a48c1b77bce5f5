import IncidentModel

/// A line that nobody can have meant as it came: a paste that the terminal cut, an arrow key, bytes that are no text.
enum Slip {
  /// In bytes. What comes after it on the same line is lost before we see it.
  private static let terminalKeeps = 4095

  /// What is wrong with a typed line, and that nothing came of it; `nil` when it may be what somebody meant.
  static func complaint(about line: String) -> String? {
    if line.utf8.count >= terminalKeeps {
      return "A terminal keeps \(terminalKeeps) bytes of a line, the rest of this one is lost; nothing was done."
    }
    let isText = line.unicodeScalars.allSatisfy {
      $0 == "\t" || $0.properties.generalCategory != .control && $0 != "\u{FFFD}"
    }
    return isText ? nil : "'\(line.visible.truncated(to: 40))' holds what no key writes as text; nothing was done."
  }
}
