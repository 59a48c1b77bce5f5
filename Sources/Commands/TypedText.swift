internal import Foundation
internal import IncidentModel

/// Text that somebody typed on a command line, for the record.
enum TypedText {
  /// In characters. More belongs into a note.
  private static let longest = 500

  /// One line without spaces around it.
  /// - Parameter flag: what it is, for messages: `the title`, `--why`.
  static func line(_ text: String, _ flag: String) throws -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingCharacters(in: .whitespaces)
    if line.isEmpty { throw CommandFailure(.usage, "\(flag) is empty", advice: "Say it in one line.") }
    if line.count > longest {
      throw CommandFailure(
        .usage, "\(flag) has \(line.count) characters, more than \(longest)",
        advice: "Say it in one line, and the rest with: andon note")
    }
    return line
  }

  /// Splits words into an incident's id, if they begin with one, and the rest.
  static func afterIncident(_ words: [String]) -> (incident: String?, rest: [String]) {
    guard let first = words.first, IncidentID(first) != nil else { return (nil, words) }
    return (first, Array(words.dropFirst()))
  }
}

extension Severity {
  /// Reads `P0` to `P3`, and `SEV0` to `SEV3` as other tools call them, in either case.
  init(typed text: String) throws {
    let word = text.uppercased()
    let name = word.hasPrefix("SEV") ? "P" + word.dropFirst(3).drop { $0 == "-" } : word
    guard let severity = Severity(rawValue: name) else {
      throw CommandFailure(.usage, "--severity takes P0, P1, P2 or P3, not '\(text)'", advice: "P0 is the worst.")
    }
    self = severity
  }
}
