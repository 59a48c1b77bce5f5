import Foundation
import TestSupport

/// A scene that is being played on a real terminal.
struct Performance {
  private let terminal: Terminal
  private let columns: Int
  private let varying: VaryingParts
  /// How long to wait for each cue, and for the end.
  private let patience: Duration
  /// What was typed, and how many bytes had come by then.
  private var typed: [(offset: Int, entry: Scene.Typed)] = []

  /// The screen does not come to show what is waited for.
  struct Stuck: Error, CustomStringConvertible {
    let why: String
    let screen: String
    var description: String { "\(why). The screen so far:\n\(screen)" }
  }

  init(on terminal: Terminal, columns: Int, varying: VaryingParts, patience: Duration) {
    self.terminal = terminal
    self.columns = columns
    self.varying = varying
    self.patience = patience
  }

  /// Types each piece when it is asked for, and gives back all that stayed on the screen, and the exit code.
  mutating func play(_ scene: Scene) async throws -> [String] {
    for entry in scene.typed {
      let cue = entry.cue.isEmpty ? entry.above : entry.cue
      try await wait("'\(entry.text)' was to be typed after '\(cue)', which did not come") { performance throws in
        if try performance.isShowing(entry) { return true }
        if performance.terminal.hasEnded { throw performance.stuck("the program ended before '\(cue)' came") }
        return false
      }
      typed.append((terminal.bytes.count, entry))
      terminal.type(entry.keys)
    }
    try await wait("the program did not end") { $0.terminal.hasEnded }
    let result = try await terminal.wait()
    let ending = result.code < 0 ? ["[killed by signal \(-result.code)]"] : ["[exit \(result.code)]"]
    return try lines() + (result.code == 0 ? [] : ending)
  }

  private func wait(_ why: String, until isSo: (Self) throws -> Bool) async throws {
    let deadline = ContinuousClock.now + patience
    while try !isSo(self) {
      if ContinuousClock.now > deadline { throw stuck(why) }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private func isShowing(_ entry: Scene.Typed) throws -> Bool {
    // A prompt that was answered stays on the screen until the answer is shown.
    if let last = typed.last, !last.entry.echo.isEmpty, terminal.bytes.count <= last.offset { return false }
    let screen = try screen()
    let line = varying.settled(screen.cursorLine)
    if !entry.cue.isEmpty { return line.hasSuffix(entry.cue) }
    return line.isEmpty && varying.settled(screen.lines.last { !$0.text.isEmpty }?.text ?? "") == entry.above
  }

  /// Everything that came, with what was typed in place of the terminal's own echo of it.
  private func screen() throws -> TerminalScreen {
    var screen = TerminalScreen(columns: columns)
    let bytes = terminal.bytes
    var start = 0
    for (number, (offset, entry)) in typed.enumerated() {
      let end = number + 1 < typed.count ? typed[number + 1].offset : bytes.count
      let echo = bytes[offset..<end].firstRange(of: entry.echo) ?? offset..<offset
      try screen.write(bytes[start..<max(start, echo.lowerBound)])
      screen.mark(entry.text, endsLine: entry.endsLine)
      start = echo.upperBound
    }
    try screen.write(bytes[start...])
    return screen
  }

  private func lines() throws -> [String] {
    var lines = try screen().lines.map { line in
      varying.settled(line.text) + (line.isBroken ? " ↩" : "")
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private func stuck(_ why: String) -> Stuck {
    let shown = (try? lines()) ?? [terminal.transcript]
    return Stuck(why: why, screen: shown.joined(separator: "\n"))
  }
}
