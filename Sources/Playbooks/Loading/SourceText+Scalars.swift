extension SourceText {
  /// The place of a character inside a scalar: `offset` counts Unicode scalars of its value, `start` is where it
  /// stands in the file.
  ///
  /// Quoting, escapes, indentation and folding lie between the value and the file, so the two are walked side by
  /// side: what is not blank must agree, blanks are passed over. Where they disagree, the start has to do.
  func place(ofScalarOffset offset: Int, in value: String, at start: Place) -> Place {
    var file = ScalarWalk(bytes: bytes, offset: self.offset(of: start))
    var seen = 0
    for scalar in value.unicodeScalars {
      if scalar.properties.isWhitespace {
        if seen == offset { return place(ofByte: file.end) }
      } else {
        guard let (next, position) = file.next(), next == scalar else { return start }
        if seen == offset { return place(ofByte: position) }
      }
      seen += 1
    }
    return place(ofByte: file.end)
  }
}

/// The characters of one scalar as the file has them, blanks left out.
private struct ScalarWalk {
  private enum Style { case bare, single, double }

  private let bytes: [UInt8]
  private var offset: Int
  private var style = Style.bare
  /// Behind the last character that was given out.
  private(set) var end: Int

  init(bytes: [UInt8], offset: Int) {
    self.bytes = bytes
    self.offset = offset
    end = offset
    guard offset < bytes.count else { return }
    switch bytes[offset] {
    case UInt8(ascii: "'"): (style, self.offset) = (.single, offset + 1)
    case UInt8(ascii: "\""): (style, self.offset) = (.double, offset + 1)
    case UInt8(ascii: "|"), UInt8(ascii: ">"):
      // The text of a block begins on the next line.
      while self.offset < bytes.count, bytes[self.offset] != UInt8(ascii: "\n") { self.offset += 1 }
    default: break
    }
    end = self.offset
  }

  mutating func next() -> (Unicode.Scalar, Int)? {
    while offset < bytes.count {
      let start = offset
      guard let scalar = raw() else { return nil }
      if style == .double, scalar == "\\" {
        guard let escaped = escape() else { continue }
        if escaped.properties.isWhitespace { continue }
        end = offset
        return (escaped, start)
      }
      if scalar.properties.isWhitespace { continue }
      if style == .single, scalar == "'" { _ = raw() }
      end = offset
      return (scalar, start)
    }
    return nil
  }

  private mutating func raw() -> Unicode.Scalar? {
    guard offset < bytes.count else { return nil }
    var end = offset + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    defer { offset = end }
    return String(decoding: bytes[offset..<end], as: UTF8.self).unicodeScalars.first
  }

  /// What a `\` sequence stands for; `nil` for one that stands for nothing.
  private mutating func escape() -> Unicode.Scalar? {
    guard let letter = raw() else { return nil }
    switch letter {
    case "x": return number(digits: 2)
    case "u": return number(digits: 4)
    case "U": return number(digits: 8)
    case "\n": return nil
    case "t", "n", "r", "N", "_", "L", "P", "v", "f": return " "
    case "0": return "\0"
    case "a": return "\u{7}"
    case "b": return "\u{8}"
    case "e": return "\u{1B}"
    default: return letter
    }
  }

  private mutating func number(digits: Int) -> Unicode.Scalar? {
    guard offset + digits <= bytes.count else { return nil }
    defer { offset += digits }
    return UInt32(String(decoding: bytes[offset..<(offset + digits)], as: UTF8.self), radix: 16)
      .flatMap(Unicode.Scalar.init)
  }
}
