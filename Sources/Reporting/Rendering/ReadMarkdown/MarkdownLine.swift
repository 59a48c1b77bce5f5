/// One line, or what is left of it: bytes, since all of Markdown's own marks are ASCII.
typealias MarkdownLine = ArraySlice<UInt8>

extension ArraySlice<UInt8> {
  /// Tabs at the beginning as spaces, each up to the next fourth column.
  var withoutLeadingTabs: MarkdownLine {
    guard prefix(while: { $0 == .space || $0 == .tab }).contains(.tab) else { return self }
    var spaces = 0
    for byte in prefix(while: { $0 == .space || $0 == .tab }) {
      spaces = byte == .tab ? spaces / 4 * 4 + 4 : spaces + 1
    }
    return [UInt8](repeating: .space, count: spaces) + drop { $0 == .space || $0 == .tab }
  }

  var isBlank: Bool { allSatisfy { $0 == .space || $0 == .tab } }

  /// How many spaces it begins with.
  var indent: Int { prefix { $0 == .space }.count }

  var trimmedStart: MarkdownLine { drop { $0 == .space || $0 == .tab } }

  var trimmed: MarkdownLine {
    var rest = trimmedStart
    while rest.last == .space || rest.last == .tab { rest.removeLast() }
    return rest
  }

  var text: String { String(decoding: self, as: UTF8.self) }

  func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes in starts(with: bytes) }
  }

  /// Where a text begins, at or behind a place.
  func place(of text: StaticString, from start: Int) -> Int? {
    text.withUTF8Buffer { bytes -> Int? in
      var place = start
      while place + bytes.count <= endIndex {
        if self[place] == bytes[0], self[place..<(place + bytes.count)].elementsEqual(bytes) { return place }
        place += 1
      }
      return nil
    }
  }
}

extension UInt8 {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let backtick = UInt8(ascii: "`")
  static let backslash = UInt8(ascii: "\\")

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
  var isPunctuation: Bool { self > 0x20 && self < 0x7F && !isDigit && !isLetter }
}
