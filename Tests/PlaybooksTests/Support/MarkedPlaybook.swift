import IncidentModel
import Testing

@testable import Playbooks

/// What a test expects to be said, and at which mark (①, ②…) of the sample.
struct ExpectedFinding {
  let level: Diagnostic.Level
  let mark: Character
  let message: String
  /// `nil`: whatever.
  let hint: String?

  static func error(at mark: Character, _ message: String, hint: String? = nil) -> ExpectedFinding {
    ExpectedFinding(level: .error, mark: mark, message: message, hint: hint)
  }

  static func warning(at mark: Character, _ message: String, hint: String? = nil) -> ExpectedFinding {
    ExpectedFinding(level: .warning, mark: mark, message: message, hint: hint)
  }
}

/// A sample in which marks show places. Marks are no part of the text.
struct MarkedText {
  private(set) var text = ""
  private(set) var places: [Character: Place] = [:]

  init(_ marked: String) {
    var (line, column) = (1, 1)
    for scalar in marked.unicodeScalars {
      if ("①"..."⑳").contains(scalar) {
        places[Character(scalar)] = Place(line: line, column: column)
        continue
      }
      text.unicodeScalars.append(scalar)
      (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
    }
  }
}

/// Completes a sample to a playbook: what it does not say itself is put in front of it or behind it, so that a test
/// shows only what it is about.
func completed(_ yaml: String) -> String {
  let keys = yaml.split(separator: "\n").compactMap { $0.first?.isWhitespace == false ? $0.prefix { $0 != ":" } : nil }
  func has(_ key: String) -> Bool { keys.contains { $0.drop { ("①"..."⑳").contains($0) } == key } }
  var text = ""
  if !has("format") { text += "format: 1\n" }
  if !has("id") { text += "id: test\n" }
  if !has("name") { text += "name: Test\n" }
  if !has("review") { text += "review: {last: 2031-05-14, every: 30d}\n" }
  if !has("connections") { text += "connections: [database, api, chain, discord]\n" }
  text += yaml.hasSuffix("\n") ? yaml : yaml + "\n"
  if !has("steps") { text += "steps:\n  - {id: wait-a-little, wait: {for: 1s}}\n" }
  return text
}

func load(_ yaml: String, library: PlaybookLibrary? = nil, today: String? = nil) -> LoadResult {
  PlaybookLoader(library: library, today: today).load(text: MarkedText(completed(yaml)).text, file: "test.yaml")
}

/// The playbook of a sample without errors.
func playbook(_ yaml: String, at location: Testing.SourceLocation = #_sourceLocation) throws -> Playbook {
  let result = load(yaml)
  #expect(result.errors.map(\.text) == [], sourceLocation: location)
  return try #require(result.playbook, sourceLocation: location)
}

/// Exactly these findings are reported, each at its mark. Warnings count only when `warnings` is true.
func expectFindings(
  _ expected: [ExpectedFinding], in yaml: String, warnings: Bool = false, library: PlaybookLibrary? = nil,
  today: String? = nil, at location: Testing.SourceLocation = #_sourceLocation
) {
  let marked = MarkedText(completed(yaml))
  let result = PlaybookLoader(library: library, today: today).load(text: marked.text, file: "test.yaml")
  expectFindings(
    expected, marked, warnings ? result.diagnostics : result.errors, at: location)
  #expect((result.playbook == nil) == !result.errors.isEmpty, sourceLocation: location)
}

func expectFindings(
  _ expected: [ExpectedFinding], _ marked: MarkedText, _ diagnostics: [Diagnostic],
  at location: Testing.SourceLocation = #_sourceLocation
) {
  let said = diagnostics.map { diagnostic in
    let place = Place(line: diagnostic.location.line, column: diagnostic.location.column)
    let mark = marked.places.first { $0.value == place }?.key ?? "-"
    return "\(mark) \(diagnostic.level): \(diagnostic.message)"
  }
  let wanted = expected.map { "\($0.mark) \($0.level): \($0.message)" }
  #expect(
    said.sorted() == wanted.sorted(), "\n\(diagnostics.map(\.text).joined(separator: "\n"))", sourceLocation: location)
  for finding in expected {
    guard let hint = finding.hint, let place = marked.places[finding.mark] else { continue }
    let hints = diagnostics.filter {
      $0.message == finding.message && $0.location.line == place.line && $0.location.column == place.column
    }.map(\.hint)
    #expect(hints.contains(hint), "\(hints)", sourceLocation: location)
  }
}
