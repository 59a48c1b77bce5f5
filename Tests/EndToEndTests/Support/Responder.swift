import Foundation
import IncidentModel
import TestSupport
import Testing

/// Somebody at a terminal who reads what is asked and answers it.
struct Responder {
  let terminal: Terminal

  /// Waits until a text stands on the screen, after the last one that was waited for.
  func sees(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
    try #require(
      await terminal.expect(text), "'\(text)' did not come:\n\(terminal.transcript)", sourceLocation: sourceLocation)
  }

  /// Types a line as soon as a cue stands there.
  func answers(_ cue: String, _ line: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) async throws {
    try await sees(cue, sourceLocation: sourceLocation)
    terminal.send(line)
  }

  /// Waits for the end, and gives back all that was on the screen.
  @discardableResult
  func ends(
    _ code: Int32, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> String {
    let result = try await terminal.wait()
    try #require(result.code == code, "\(result)", sourceLocation: sourceLocation)
    return result.stdout
  }
}

extension Stage {
  /// Somebody in a terminal of their own.
  func responder(_ person: String, _ arguments: String...) throws -> Responder {
    try responder(person, arguments, changing: [:])
  }

  func responder(_ person: String, _ arguments: [String], changing changes: [String: String], columns: Int = 100)
    throws -> Responder
  {
    let own = variables.merging(["ANDON_ACTOR": person, "NO_COLOR": "1"]) { _, new in new }.merging(changes) { $1 }
    return Responder(
      terminal: try Terminal(
        [AndonProgram.path] + arguments, environment: own, directory: folder.path, columns: columns))
  }

  /// A command with nobody there.
  func andon(_ arguments: String..., as person: String = "dana") async throws -> ProgramResult {
    let own = variables.merging(["ANDON_ACTOR": person]) { _, new in new }
    return try await RunningProgram([AndonProgram.path] + arguments, environment: own, directory: folder.path).wait()
  }

  func record(_ id: String) async throws -> Record { try Record(await andon("show", id, "--json")) }

  /// The entries of a kind, as the file itself has them.
  func entries(_ kind: Fact.Kind) throws -> [Value] {
    try JournalFile(path: folder.file("state/journal.db")).entries.map { try Value.json(Data($0.body.utf8)) }
      .filter { $0["kind"]?.displayText == kind.rawValue }
  }
}
