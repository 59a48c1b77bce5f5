internal import IncidentModel
internal import Yams

/// The nodes of one YAML document whose texts are all still text: nothing has been given a type yet.
struct YAMLDocument {
  let root: Node
  /// Where keys stand that are already in their mapping; reported, and to be left out.
  let repeatedKeys: Set<Place>

  /// The document, and every reason why it is refused. A document comes with diagnostics only when its
  /// mistakes (repeated keys) leave the rest readable.
  static func read(_ source: SourceText) -> (document: YAMLDocument?, diagnostics: [Diagnostic]) {
    var scanner = YAMLScanner(source.bytes)
    scanner.scan()
    let refusals = scanner.findings.map { refusal($0, in: source) }
    guard refusals.isEmpty else { return (nil, refusals) }
    var composer = Composer(source: source)
    return composer.compose()
  }

  /// Yams stops at the first mapping with a repeated key and names only the first of the two. So the second
  /// key is looked up, reported, renamed in a copy of the text, and the copy is read again.
  private struct Composer {
    static let mostRepeats = 20

    let source: SourceText
    var bytes: [UInt8]
    var repeats: Set<Place> = []
    var diagnostics: [Diagnostic] = []

    init(source: SourceText) {
      self.source = source
      bytes = source.bytes
    }

    mutating func compose() -> (YAMLDocument?, [Diagnostic]) {
      while true {
        do {
          // The parser is kept alive while anchors are looked for: nodes hold theirs weakly.
          let parser = try Parser(yaml: padded(bytes), resolver: .basic, encoding: .utf8)
          guard let root = try parser.singleRoot() else {
            return (nil, diagnostics + [ByteCheck.refusal(source.file, YAMLDocument.empty)])
          }
          if let refused = withExtendedLifetime(parser, { firstRefused(root, depth: 1) }) {
            return (nil, diagnostics + [refused])
          }
          return (YAMLDocument(root: root, repeatedKeys: repeats), diagnostics)
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
          let first = Place(line: context.mark.line, column: context.mark.column)
          guard let key = keys.first, repeats.count < Self.mostRepeats, renameRepeat(of: key, first: first) else {
            return (nil, diagnostics + [repeated(keys.first ?? "?", at: first, first: first)])
          }
        } catch {
          return (nil, diagnostics + [YAMLDocument.explanation(of: error, in: source)])
        }
      }
    }

    /// Yams reads texts of up to 15 bytes from memory that is gone by then, so short ones get a comment.
    private func padded(_ bytes: [UInt8]) -> String {
      let text = String(decoding: bytes, as: UTF8.self)
      return bytes.count >= 64 ? text : text + "\n#" + String(repeating: " ", count: 64)
    }

    private mutating func renameRepeat(of key: String, first: Place) -> Bool {
      guard let scalar = secondKey(equalTo: first), let mark = Unicode.Scalar(0xE000 + UInt32(repeats.count))
      else { return false }
      let place = source.place(ofByte: originalOffset(scalar.start))
      diagnostics.append(repeated(key, at: place, first: first))
      repeats.insert(place)
      let quote = [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[scalar.start])
      let start = scalar.start + (quote ? 1 : 0)
      var end = start + 1
      while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
      // One character for one character, so that no place after it moves.
      bytes.replaceSubrange(start..<end, with: Array(String(Character(mark)).utf8))
      return true
    }

    /// Offsets move by the bytes that earlier renames added; lines and columns do not.
    private func originalOffset(_ offset: Int) -> Int {
      let copy = SourceText(file: source.file, bytes: bytes)
      return source.offset(of: copy.place(ofByte: offset))
    }

    private func secondKey(equalTo first: Place) -> YAMLScanner.Scalar? {
      let copy = SourceText(file: source.file, bytes: bytes)
      var scanner = YAMLScanner(bytes, keepsScalars: true)
      scanner.scan()
      let start = copy.offset(of: first)
      guard let index = scanner.scalars.firstIndex(where: { $0.start == start }) else { return nil }
      let key = scanner.scalars[index]
      let word = content(key)
      for scalar in scanner.scalars[(index + 1)...] where scalar.isKey && content(scalar) == word {
        let sameMapping =
          key.bracket == 0 ? scalar.bracket == 0 && scalar.column == key.column : scalar.bracket == key.bracket
        if sameMapping { return scalar }
      }
      return nil
    }

    private func content(_ scalar: YAMLScanner.Scalar) -> ArraySlice<UInt8> {
      let slice = bytes[scalar.start..<scalar.end]
      guard let quote = slice.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), slice.count >= 2
      else { return slice }
      return slice.dropFirst().dropLast()
    }

    private func repeated(_ key: String, at place: Place, first: Place) -> Diagnostic {
      source.diagnostic(
        .error, at: place, "the key '\(key)' stands here a second time",
        hint: place == first ? nil : "the first one is on line \(first.line)")
    }

    /// A second line of defence behind the scanner; it never goes below an anchored node, where a bomb would be.
    private func firstRefused(_ node: Node, depth: Int) -> Diagnostic? {
      let place = node.mark.map { Place(line: $0.line, column: $0.column) } ?? .start
      if node.anchor != nil { return source.diagnostic(.error, at: place, anchors.message, hint: anchors.hint) }
      guard depth <= YAMLScanner.deepestNesting else {
        return source.diagnostic(.error, at: place, tooDeep.message, hint: tooDeep.hint)
      }
      switch node {
      case .mapping(let mapping):
        for (key, value) in mapping {
          if case .scalar = key {} else if let found = firstRefused(key, depth: depth + 1) { return found }
          if let found = firstRefused(value, depth: depth + 1) { return found }
        }
      case .sequence(let sequence):
        for item in sequence { if let found = firstRefused(item, depth: depth + 1) { return found } }
      case .scalar, .alias: break
      }
      return nil
    }
  }
}

extension SourceText {
  /// A diagnostic at a place of this text, with its line.
  func diagnostic(
    _ level: Diagnostic.Level, at place: Place, _ message: String, hint: String? = nil
  ) -> Diagnostic {
    let place = clamped(place)
    return Diagnostic(
      level, at: SourceLocation(file: file, line: place.line, column: place.column), message, hint: hint,
      sourceLine: line(place.line))
  }
}

// What is said.
private let anchors = (
  message: "anchors and aliases are not used in playbooks", hint: "write the text out where it is needed"
)
private let tooDeep = (
  message: "this is nested deeper than \(YAMLScanner.deepestNesting) levels", hint: "check for brackets left open"
)

private let tab = (message: "a tab stands in the indentation", hint: "use spaces; YAML does not count tabs")

extension YAMLDocument {
  fileprivate static let empty: (String, String?) = ("the file is empty", "begin with 'format: 1'")

  private static func refusal(_ finding: YAMLScanner.Finding, in source: SourceText) -> Diagnostic {
    let (message, hint): (String, String) =
      switch finding.refusal {
      case .anchor: ("anchors are not used here: '\(finding.word)'", "\(anchors.hint), or quote it if it is text")
      case .alias: ("aliases are not used here: '\(finding.word)'", "\(anchors.hint), or quote it if it is text")
      case .tag: ("tags are not used here: '\(finding.word)'", "take it out, or quote it if it is text")
      case .directive: ("directives are not used here: '\(finding.word)'", "take this line out")
      case .secondDocument: ("a second document begins here", "one file holds one document; move the rest to its own")
      case .tab: tab
      case .tooDeep: tooDeep
      case .tooMany:
        ("the file holds more than \(YAMLScanner.mostParts) keys, values and items", "split it into several playbooks")
      case .tooManyKeys:
        ("this holds more than \(YAMLScanner.mostKeys) keys", "what has so many is data; keep it elsewhere")
      case .tooManyItems: ("this list has more than \(YAMLScanner.mostItems) items", "split it into several playbooks")
      }
    return source.diagnostic(.error, at: source.place(ofByte: finding.offset), message, hint: hint)
  }

  /// The parser's own words are for people who know how YAML is parsed; these are for people who write it.
  fileprivate static func explanation(of error: any Error, in source: SourceText) -> Diagnostic {
    guard let error = error as? YamlError else {
      return source.diagnostic(.error, at: .start, "this is not YAML: \(error)")
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let wording = wording(of: problem, context: context?.text ?? "")
      let shown = wording.atBeginning ? context?.mark ?? mark : mark
      let place = Place(line: shown.line, column: shown.column)
      if isTab(place, in: source) { return source.diagnostic(.error, at: place, tab.message, hint: tab.hint) }
      return source.diagnostic(.error, at: place, wording.message, hint: wording.hint)
    case .reader(let problem, _, _, _):
      return source.diagnostic(.error, at: .start, "this cannot be read: \(problem)")
    default:
      return source.diagnostic(.error, at: .start, "this is not YAML: \(error)")
    }
  }

  private static func isTab(_ place: Place, in source: SourceText) -> Bool {
    let offset = source.offset(of: place)
    return offset < source.bytes.count && source.bytes[offset] == UInt8(ascii: "\t")
  }

  private static func wording(
    of problem: String, context: String
  ) -> (message: String, hint: String?, atBeginning: Bool) {
    switch problem {
    case "mapping values are not allowed in this context":
      ("a ':' stands where no key can be", "quote the text if the ':' belongs to it, or check the indentation", false)
    case "did not find expected key":
      ("a key is expected here", "check the indentation of this line and of the lines above it", false)
    case "could not find expected ':'":
      ("a ':' is missing after this key", "write 'key: value'; quote a text of several lines", true)
    case "found unexpected end of stream" where context.contains("quoted"):
      ("the quoted text that begins here does not end", "close the quote", true)
    case "did not find expected ',' or ']'":
      ("the list that begins here is not closed", "a ',' or a ']' is missing; quote texts that hold '[' or '{'", true)
    case "did not find expected ',' or '}'":
      ("the braces that open here are not closed", "a ',' or a '}' is missing; quote texts that hold '[' or '{'", true)
    case "did not find expected '-' indicator":
      ("a '-' is expected here", "all items of a list have the same indentation", false)
    case "did not find expected node content":
      ("a value is expected here", nil, false)
    case "block sequence entries are not allowed in this context":
      ("a '-' cannot stand here", "begin the list on a line of its own", false)
    case "found character that cannot start any token":
      ("a text cannot begin with this character", "quote the text", false)
    case "found unknown escape character":
      ("this '\\' sequence is not known", "use single quotes to keep '\\' as it is", false)
    case "did not find expected <document start>":
      ("nothing can follow here", "check the indentation of this line", false)
    default:
      ("this is not YAML: \(problem)", nil, false)
    }
  }
}
