/// Reads YAML token by token as the parser will, without building anything, so that what this format refuses
/// (anchors, aliases, tags, directives, several documents, tabs as indentation, great depth) is refused before
/// the parser could expand it.
///
/// It follows the scanner of libyaml: a block of indentations, a level of brackets, and at each level the
/// text that may turn out to be a key. Malformed YAML is passed over in silence: the parser words that better.
struct YAMLScanner {
  static let deepestNesting = 64
  /// Texts, brackets and the signs that begin a value or an item: each may become a node of the parser, also an empty one.
  static let mostParts = 500_000
  /// Of one mapping; the parser compares each with all others.
  static let mostKeys = 2000
  /// Of one list: twice the longest playbook that anybody is to write.
  static let mostItems = 20_000
  private static let mostOfAKind = 5

  enum Refusal: Hashable {
    case anchor, alias, tag, directive, secondDocument, tab, tooDeep, tooMany, tooManyKeys, tooManyItems
  }

  struct Finding {
    let refusal: Refusal
    /// Byte offset.
    let offset: Int
    /// As written: `&base`.
    let word: String
  }

  /// A plain or quoted text, in the order of the file.
  struct Scalar {
    let start: Int
    let end: Int
    /// How many brackets are open around it.
    let depth: Int
    /// Which pair of brackets, counted from the start of the file; 0 outside of any.
    let bracket: Int
    /// Bytes from the start of its line.
    let column: Int
    var isKey = false
  }

  private let bytes: [UInt8]
  private var offset = 0
  private var lineStart = 0
  private var line = 1
  /// The open block collections. A list may begin in the column of the keys around it, so one can be both.
  private var blocks: [Collection] = []
  private var brackets: [Collection] = []
  private var bracketCount = 0
  private var mayStartKey = true
  /// What may turn out to be a key, for each open bracket and for the block around them.
  private var candidates: [Candidate?] = [nil]
  private var parts = 0
  private var documents = 0
  private var sawContent = false

  private(set) var findings: [Finding] = []
  private(set) var scalars: [Scalar] = []
  private let keepsScalars: Bool

  private struct Collection {
    /// Its column; of brackets, which pair they are.
    let id: Int
    var keys = 0
    var items = 0
  }

  private struct Candidate {
    let column: Int
    let line: Int
    /// Index in `scalars`.
    let scalar: Int?
  }

  /// `keepsScalars`: remember every text, to find the second of two equal keys.
  init(_ bytes: [UInt8], keepsScalars: Bool = false) {
    self.bytes = bytes
    self.keepsScalars = keepsScalars
  }

  mutating func scan() {
    while offset < bytes.count {
      skipToToken()
      guard offset < bytes.count else { return }
      if let excess { return refuse(excess, from: offset, to: offset) }
      token()
    }
  }

  private var excess: Refusal? {
    let open = inBlock ? blocks.last : brackets.last
    if parts > Self.mostParts { return .tooMany }
    if brackets.count + blocks.count > Self.deepestNesting { return .tooDeep }
    if let open, open.keys > Self.mostKeys { return .tooManyKeys }
    if let open, open.items > Self.mostItems { return .tooManyItems }
    return nil
  }

  // MARK: Tokens

  private mutating func token() {
    if inBlock { while let last = blocks.last, last.id > column { blocks.removeLast() } }
    if column == 0, bytes[offset] == UInt8(ascii: "%") { return directive() }
    if let marker = documentMarker() { return documentMarker(marker) }
    sawContent = true
    switch bytes[offset] {
    case UInt8(ascii: "["), UInt8(ascii: "{"): openBracket()
    case UInt8(ascii: "]"), UInt8(ascii: "}"): closeBracket()
    case UInt8(ascii: ","):
      parts += 1
      if !brackets.isEmpty { brackets[brackets.count - 1].items += 1 }
      candidates[candidates.count - 1] = nil
      mayStartKey = true
      offset += 1
    case UInt8(ascii: "-") where inBlock && isBlank(offset + 1): blockEntry()
    case UInt8(ascii: "?") where !inBlock || isBlank(offset + 1): explicitKey()
    case UInt8(ascii: ":") where !inBlock || isBlank(offset + 1): value()
    case UInt8(ascii: "&"): property(.anchor)
    case UInt8(ascii: "*"): property(.alias)
    case UInt8(ascii: "!"): property(.tag)
    case UInt8(ascii: "|") where inBlock, UInt8(ascii: ">") where inBlock: blockScalar()
    case UInt8(ascii: "'"): quoted(by: UInt8(ascii: "'"))
    case UInt8(ascii: "\""): quoted(by: UInt8(ascii: "\""))
    default: plain()
    }
  }

  private mutating func directive() {
    let start = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    refuse(.directive, from: start, to: offset)
  }

  private func documentMarker() -> UInt8? {
    guard column == 0, offset + 2 < bytes.count, isBlank(offset + 3) else { return nil }
    let byte = bytes[offset]
    guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."), bytes[offset + 1] == byte, bytes[offset + 2] == byte
    else { return nil }
    return byte
  }

  private mutating func documentMarker(_ byte: UInt8) {
    if byte == UInt8(ascii: "-") {
      documents += 1
      if sawContent || documents > 1 { refuse(.secondDocument, from: offset, to: offset + 3) }
    }
    blocks = []
    brackets = []
    candidates = [nil]
    mayStartKey = false
    offset += 3
  }

  private mutating func openBracket() {
    noteCandidate(scalar: nil)
    bracketCount += 1
    brackets.append(Collection(id: bracketCount))
    candidates.append(nil)
    mayStartKey = true
    parts += 1
    offset += 1
  }

  private mutating func closeBracket() {
    if !brackets.isEmpty {
      brackets.removeLast()
      candidates.removeLast()
    }
    mayStartKey = false
    offset += 1
  }

  private mutating func blockEntry() {
    parts += 1
    rollIndent(to: column)
    blocks[blocks.count - 1].items += 1
    candidates[candidates.count - 1] = nil
    mayStartKey = true
    offset += 1
  }

  private mutating func explicitKey() {
    parts += 1
    if inBlock { rollIndent(to: column) }
    candidates[candidates.count - 1] = nil
    mayStartKey = inBlock
    offset += 1
  }

  private mutating func value() {
    parts += 1
    if let candidate = candidates[candidates.count - 1], candidate.line == line {
      if inBlock { rollIndent(to: candidate.column) }
      if let index = candidate.scalar { scalars[index].isKey = true }
      mayStartKey = false
    } else {
      if inBlock { rollIndent(to: column) }
      mayStartKey = inBlock
    }
    if inBlock { blocks[blocks.count - 1].keys += 1 } else { brackets[brackets.count - 1].keys += 1 }
    candidates[candidates.count - 1] = nil
    offset += 1
  }

  private mutating func property(_ refusal: Refusal) {
    let start = offset
    noteCandidate(scalar: nil)
    mayStartKey = false
    offset += 1
    while !isBlank(offset), inBlock || !isFlowIndicator(bytes[offset]) { offset += 1 }
    refuse(refusal, from: start, to: offset)
  }

  // MARK: Texts

  private mutating func plain() {
    let start = beginScalar()
    var end = offset
    let indent = (blocks.last?.id ?? -1) + 1
    var crossedLine = false
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "#"), documentMarker() == nil {
      let before = offset
      while !isBlank(offset), !endsPlain(offset) { offset += 1 }
      if offset > before { end = offset }
      guard offset < bytes.count, isBlank(offset) else { break }
      while offset < bytes.count, isBlank(offset) {
        if bytes[offset] == UInt8(ascii: "\n") {
          newLine()
          crossedLine = true
        } else {
          if crossedLine, bytes[offset] == UInt8(ascii: "\t"), column < indent { noteTab() }
          offset += 1
        }
      }
      if inBlock, column < indent { break }
    }
    // An indicator that cannot begin a text: left to the parser to explain.
    if offset == start { offset += 1 }
    endScalar(from: start, to: end)
    if crossedLine { mayStartKey = true }
  }

  private func endsPlain(_ position: Int) -> Bool {
    if bytes[position] == UInt8(ascii: ":"), isBlank(position + 1) { return true }
    return !inBlock && isFlowIndicator(bytes[position])
  }

  private mutating func quoted(by quote: UInt8) {
    let start = beginScalar()
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\n") {
        newLine()
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        offset += offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n") ? 1 : 2
      } else if byte == quote {
        offset += 1
        guard quote == UInt8(ascii: "'"), offset < bytes.count, bytes[offset] == quote else { break }
        offset += 1
      } else {
        offset += 1
      }
    }
    offset = min(offset, bytes.count)
    endScalar(from: start, to: offset)
  }

  private mutating func blockScalar() {
    parts += 1
    candidates[candidates.count - 1] = nil
    mayStartKey = true
    offset += 1
    var given = 0
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      if given == 0, (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[offset]) {
        given = Int(bytes[offset] - UInt8(ascii: "0"))
      }
      if bytes[offset] == UInt8(ascii: "#") || bytes[offset] == UInt8(ascii: " ") { break }
      offset += 1
    }
    skipLine()
    let parent = blocks.last?.id ?? -1
    let indent = given > 0 ? max(parent, 0) + given : max(firstIndent(), parent + 1, 1)
    skipBlock(indentedBy: indent)
  }

  /// The column of the first line that is not blank.
  private func firstIndent() -> Int {
    var (position, start) = (offset, offset)
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        start = position
      default: return position - start
      }
    }
    return 0
  }

  private mutating func skipBlock(indentedBy indent: Int) {
    while offset < bytes.count {
      while offset < bytes.count, column < indent, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
      guard offset < bytes.count else { return }
      if bytes[offset] != UInt8(ascii: "\n"), column < indent {
        if bytes[offset] == UInt8(ascii: "\t"), !lineIsBlank(from: offset) { noteTab() }
        return
      }
      skipLine()
    }
  }

  private mutating func beginScalar() -> Int {
    parts += 1
    noteCandidate(scalar: keepsScalars ? scalars.count : nil)
    if keepsScalars {
      scalars.append(
        Scalar(start: offset, end: offset, depth: brackets.count, bracket: brackets.last?.id ?? 0, column: column))
    }
    mayStartKey = false
    return offset
  }

  private mutating func endScalar(from start: Int, to end: Int) {
    guard keepsScalars, let last = scalars.last, last.start == start else { return }
    scalars[scalars.count - 1] = Scalar(
      start: start, end: end, depth: last.depth, bracket: last.bracket, column: last.column)
  }

  // MARK: Blanks and lines

  private var inBlock: Bool { brackets.isEmpty }
  private var column: Int { offset - lineStart }

  private mutating func skipToToken() {
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: " "): offset += 1
      case UInt8(ascii: "\t"):
        if inBlock, mayStartKey, !lineIsBlank(from: offset) { noteTab() }
        offset += 1
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "\n"): newLine()
      default: return
      }
      if inBlock, column == 0 { mayStartKey = true }
    }
  }

  private mutating func newLine() {
    offset += 1
    lineStart = offset
    line += 1
    if inBlock { mayStartKey = true }
  }

  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    if offset < bytes.count { newLine() }
  }

  private func lineIsBlank(from position: Int) -> Bool {
    var position = position
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") {
      position += 1
    }
    return position >= bytes.count || bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "#")
  }

  private func isBlank(_ position: Int) -> Bool {
    guard position < bytes.count else { return true }
    let byte = bytes[position]
    return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
  }

  private func isFlowIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    default: false
    }
  }

  // MARK: State

  private mutating func noteCandidate(scalar: Int?) {
    guard mayStartKey || !inBlock else { return }
    candidates[candidates.count - 1] = Candidate(column: column, line: line, scalar: scalar)
  }

  private mutating func rollIndent(to column: Int) {
    if column > (blocks.last?.id ?? -1) { blocks.append(Collection(id: column)) }
  }

  private mutating func noteTab() {
    if findings.last.map({ $0.refusal == .tab && $0.offset >= lineStart }) ?? false { return }
    refuse(.tab, from: offset, to: offset + 1)
  }

  private mutating func refuse(_ refusal: Refusal, from start: Int, to end: Int) {
    // A bomb is made of hundreds of these; a few say it.
    guard findings.count(where: { $0.refusal == refusal }) < Self.mostOfAKind else { return }
    let word = String(decoding: bytes[start..<min(end, start + 40, bytes.count)], as: UTF8.self)
    findings.append(Finding(refusal: refusal, offset: start, word: word))
  }
}
