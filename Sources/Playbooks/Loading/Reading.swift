internal import IncidentModel
internal import Yams

/// One pass over the nodes of a file by the tables of `Schema/`, collecting everything that is wrong.
final class Reading {
  let source: SourceText
  let document: YAMLDocument
  private(set) var diagnostics: [Diagnostic] = []
  /// Where steps stand that could not be read whole: rules say nothing about what is missing there.
  private(set) var incomplete: Set<SourceLocation> = []

  init(_ source: SourceText, _ document: YAMLDocument) {
    self.source = source
    self.document = document
  }

  var file: String { source.file }

  /// A file with more mistakes than this is not a playbook with mistakes.
  private static let mostDiagnostics = 1000

  /// Further warnings are left out: however many there are, none hides a mistake, and together they make none.
  private static let mostWarnings = 500
  private var warnings = 0

  /// True when nothing more is reported.
  var isFull: Bool { diagnostics.count >= Self.mostDiagnostics }

  func error(at place: Place, _ message: String, hint: String? = nil) { report(.error, place, message, hint) }

  func warning(at place: Place, _ message: String, hint: String? = nil) { report(.warning, place, message, hint) }

  private func report(_ level: Diagnostic.Level, _ place: Place, _ message: String, _ hint: String?) {
    if isFull { return }
    if level == .warning {
      warnings += 1
      if warnings == Self.mostWarnings + 1 {
        tellAtEnd(.warning, "there are more warnings than these \(Self.mostWarnings)")
      }
      if warnings > Self.mostWarnings { return }
    }
    diagnostics.append(source.diagnostic(level, at: place, message, hint: hint))
    guard diagnostics.count == Self.mostDiagnostics - 1 else { return }
    tellAtEnd(.error, "there is more to say than these \(Self.mostDiagnostics)")
  }

  private func tellAtEnd(_ level: Diagnostic.Level, _ message: String) {
    diagnostics.append(source.diagnostic(level, at: Place(line: source.lineCount, column: 1), message))
  }

  func location(_ place: Place) -> SourceLocation {
    SourceLocation(file: file, line: place.line, column: place.column)
  }

  func markIncomplete(_ location: SourceLocation) { incomplete.insert(location) }
}

/// A node, and by which name it is known to the person who wrote it.
struct Input {
  let node: Node
  /// The key it stands under.
  let key: String
  /// The key path of the object around it; empty for the file itself.
  let parent: String
  /// Its place in the list, from 0, if it is an item.
  let index: Int?

  init(_ node: Node, key: String, parent: String = "", index: Int? = nil) {
    self.node = node
    self.key = key
    self.parent = parent
    self.index = index
  }

  var place: Place { node.place }

  /// `steps[2].parallel`
  var path: String {
    let path = parent.isEmpty ? key : "\(parent).\(key)"
    return index.map { "\(path)[\($0)]" } ?? path
  }

  /// As messages name it: `'every'`, `item 2 of 'bind'`.
  var label: String {
    if key.isEmpty { return "the file" }
    return index.map { "item \($0 + 1) of '\(key)'" } ?? "'\(key)'"
  }

  func item(_ node: Node, at index: Int) -> Input { Input(node, key: key, parent: parent, index: index) }
}

extension Node {
  var place: Place { mark.map { Place(line: $0.line, column: $0.column) } ?? .start }

  /// The word for its form, as messages use it.
  var form: String {
    switch self {
    case .scalar(let scalar): scalar.isEmpty ? "empty" : "text"
    case .mapping: "a map of keys"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension Node.Scalar {
  var isPlain: Bool { style == .plain }
  /// Nothing was written.
  var isEmpty: Bool { string.isEmpty && isPlain }
  /// Nothing was written, or a word that says so.
  var isNull: Bool { isPlain && (string.isEmpty || string == "null" || string == "~") }
}
