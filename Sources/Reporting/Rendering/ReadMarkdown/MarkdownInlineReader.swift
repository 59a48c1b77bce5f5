internal import IncidentModel

/// Reads the words of one block: code, emphasis, links and escapes. One pass over the bytes; what could make it look
/// far ahead again and again is found beforehand, or bounded.
struct MarkdownInlineReader {
  let bytes: ArraySlice<UInt8>
  var next: Int
  var pieces: [MarkdownPiece] = []
  var runs = MarkdownEmphasis()
  var brackets: [Bracket] = []
  /// Brackets below this place hold a link already, and can be none.
  var spentBrackets = 0
  /// Where runs of backticks begin, by their length, the last first.
  private var backticks: [Int: [Int]] = [:]
  private let lastCommentEnd: Int

  struct Bracket {
    let piece: Int
    let isPicture: Bool
    /// How many runs of `*`, `_` and `~` stand in front of it.
    let runs: Int
  }

  static func read(_ words: MarkdownLine) -> [MarkdownInline] {
    var reader = MarkdownInlineReader(words)
    return reader.inlines()
  }

  private init(_ words: MarkdownLine) {
    bytes = words
    next = words.startIndex
    var (place, last) = (words.startIndex, -1)
    while place < words.endIndex {
      if words[place] == .backtick {
        let length = words[place...].prefix { $0 == .backtick }.count
        backticks[length, default: []].append(place)
        place += length
      } else {
        if words[place] == UInt8(ascii: "-"), words[place...].starts(with: "-->") { last = place }
        place += 1
      }
    }
    lastCommentEnd = last
    for length in Array(backticks.keys) { backticks[length]?.reverse() }
  }

  private mutating func inlines() -> [MarkdownInline] {
    while next < bytes.endIndex {
      let byte = bytes[next]
      switch byte {
      case .backslash: escape()
      case .backtick: code()
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"): run(of: byte)
      case UInt8(ascii: "!") where ahead(1) == UInt8(ascii: "["): open(isPicture: true)
      case UInt8(ascii: "["): open(isPicture: false)
      case UInt8(ascii: "]"): close()
      case UInt8(ascii: "<"): angle()
      case UInt8(ascii: "&"): entity()
      case .lineFeed: lineEnd()
      default: take(1)
      }
    }
    runs.match(from: 0, in: &pieces)
    return MarkdownPiece.tree(pieces)
  }

  func ahead(_ distance: Int) -> UInt8? {
    next + distance < bytes.endIndex ? bytes[next + distance] : nil
  }

  /// The next bytes as plain words.
  mutating func take(_ count: Int) {
    add(bytes[next..<(next + count)])
    next += count
  }

  mutating func add(_ text: some Sequence<UInt8>) {
    if pieces.last?.isWords != true { pieces.append(MarkdownPiece(.words)) }
    pieces[pieces.count - 1].text += text
  }

  private mutating func escape() {
    if let mark = ahead(1), mark.isPunctuation {
      add([mark])
      next += 2
    } else if ahead(1) == .lineFeed {
      pieces.append(MarkdownPiece(.lineBreak))
      next += 2
    } else {
      take(1)
    }
  }

  /// Two spaces in front of it make a break.
  private mutating func lineEnd() {
    next += 1
    guard pieces.last?.isWords == true, var text = pieces.last?.text else { return add([.lineFeed]) }
    let spaces = text.reversed().prefix { $0 == .space }.count
    text.removeLast(spaces)
    pieces[pieces.count - 1].text = text
    if spaces >= 2 { pieces.append(MarkdownPiece(.lineBreak)) } else { add([.lineFeed]) }
  }

  private mutating func code() {
    let length = bytes[next...].prefix { $0 == .backtick }.count
    let start = next + length
    while let place = backticks[length]?.last, place < start { backticks[length]?.removeLast() }
    guard let end = backticks[length]?.last else { return take(length) }
    var text = bytes[start..<end].map { $0 == .lineFeed ? .space : $0 }
    if text.count > 2, text.first == .space, text.last == .space, text.contains(where: { $0 != .space }) {
      text = Array(text.dropFirst().dropLast())
    }
    pieces.append(MarkdownPiece(.code, text))
    next = end + length
  }

  private mutating func angle() {
    if next <= lastCommentEnd, bytes[next...].starts(with: "<!--"),
      let end = bytes.place(of: "-->", from: next + 4)
    {
      next = end + 3
      return
    }
    let address = bytes[(next + 1)...].prefix(Self.longestAddress).prefix { $0 > .space && !"<>".utf8.contains($0) }
    guard address.endIndex < bytes.endIndex, bytes[address.endIndex] == UInt8(ascii: ">"),
      let link = Link(address.text)
    else { return take(1) }
    pieces.append(MarkdownPiece(.words, begins: [.link(link)]))
    add(address)
    pieces.append(MarkdownPiece(.words, ends: [.link(link)]))
    next = address.endIndex + 1
  }

  /// `&lt;`, `&#60;`, `&#x3C;`; any other is words.
  private mutating func entity() {
    let name = bytes[(next + 1)...].prefix(9).prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "#") }
    guard !name.isEmpty, name.endIndex < bytes.endIndex, bytes[name.endIndex] == UInt8(ascii: ";"),
      let text = Self.meaning(of: name.text)
    else { return take(1) }
    add(text.visible(keepingLineBreaks: true).utf8)
    next = name.endIndex + 1
  }

  private static func meaning(of name: String) -> String? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    case "nbsp": return "\u{A0}"
    default: break
    }
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap(Unicode.Scalar.init).map { $0 == "\0" ? "\u{FFFD}" : String($0) }
  }

  static let longestAddress = 2000
}
