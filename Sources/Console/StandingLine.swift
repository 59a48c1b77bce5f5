import IncidentModel

/// The line above a question, and the one that moves: what is armed, and the clocks.
struct StandingLine {
  /// `nil` while nothing is armed.
  let armed: String?
  let clocks: ClockLine

  /// On one row, however narrow it is. Empty when there is nothing to say.
  func text(width: Int) -> String {
    guard let armed else { return clocks.text(width: width) }
    if clocks.clocks.isEmpty { return marked(armed.truncated(to: width - 1)) }
    let mark = armed.truncated(to: max(width - Self.leastForClocks, 12))
    return marked(mark) + "    " + clocks.text(width: width - mark.displayWidth - 4)
  }

  private static let leastForClocks = 22

  private func marked(_ text: String) -> String {
    let word = ArmedBoard.word
    return text.hasPrefix(word) ? clocks.style.bad(word) + text.dropFirst(word.count) : text
  }
}
