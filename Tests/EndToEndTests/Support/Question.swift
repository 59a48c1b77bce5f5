import Foundation
import TestSupport
import Testing

/// A question that a guided run asks, how one gets there, and what does not answer it.
struct Question: Sendable, CustomTestStringConvertible {
  enum Beginning: Sendable {
    case run
    /// The process that ran the first step was killed after it took effect.
    case crash
  }

  struct Key: Sendable {
    let prompt: String
    let line: String
  }

  let name: String
  /// The steps; `$MADE` is a file that must not be made, `$DONE` one that the step of a crash makes.
  var steps: String
  var top = ""
  /// Flags of `andon run`.
  var flags: [String] = []
  var beginning = Beginning.run
  /// What is typed at the questions before it.
  var way: [Key] = []
  let prompt: String
  /// Lines after which the same question comes again.
  var wrong: [String] = []
  /// Lines that go back to the question before, from which the last key of the way leads here again.
  var back: [String] = []
  /// At the end of input.
  var exitCode: Int32 = 4
  /// Kinds of entries that coming back to it adds.
  var alsoRecorded: Set<String> = []

  var testDescription: String { name }

  /// What no question takes for an answer: keys that write no text, pastes of several lines, bytes that are no text, more
  /// than a terminal keeps of a line.
  static let slips: [[UInt8]] = [
    Array("\u{1B}[A".utf8),
    Array("\u{1B}]2;all is well\u{7}\u{1B}[2J\u{1B}[H".utf8),
    Array("\u{1B}[200~rm -rf /\nr\ny\nn\ns\nq\na\nSTOP\nDROP\n1\u{1B}[201~".utf8),
    [1, 2, 5, 6, 7, 8, 0x0B, 0x0C, 0x0E, 0x10, 0x14, 0x18, 0x19, 0x1D, 0x1E, 0x1F],
    Array("y\0y".utf8),
    [0xC3, 0x28, 0xFF, 0xFE],
    [UInt8](repeating: UInt8(ascii: "r"), count: 100_000),
  ]

  /// Goes from the first question to this one.
  func reach(on terminal: Terminal, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
    for key in way {
      try await expect(key.prompt, on: terminal, "on the way", sourceLocation)
      terminal.send(key.line)
    }
    try await expect(prompt, on: terminal, "at the end of the way", sourceLocation)
  }

  /// Types everything that is no answer, and is asked the same again each time.
  func refuseEverything(on terminal: Terminal, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
    for slip in Self.slips {
      terminal.send(bytes: slip)
      try await expect(prompt, on: terminal, "after \(slip.prefix(20))", sourceLocation)
    }
    for line in wrong {
      terminal.send(line)
      try await expect(prompt, on: terminal, "after '\(line)'", sourceLocation)
    }
    for line in back {
      terminal.send(line)
      let last = try #require(way.last, sourceLocation: sourceLocation)
      try await expect(last.prompt, on: terminal, "after '\(line)'", sourceLocation)
      terminal.send(last.line)
      try await expect(prompt, on: terminal, "there again after '\(line)'", sourceLocation)
    }
  }

  private func expect(
    _ text: String, on terminal: Terminal, _ when: String, _ sourceLocation: Testing.SourceLocation
  ) async throws {
    guard try await terminal.expect(text, within: .seconds(15)) else {
      Issue.record(
        "\(name): no '\(text)' \(when):\n\(terminal.transcript.suffix(3000))", sourceLocation: sourceLocation)
      throw CancellationError()
    }
  }
}
