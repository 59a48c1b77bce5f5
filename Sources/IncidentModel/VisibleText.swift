extension String {
  /// This text with everything that could act on a terminal or hide from a reader shown as `\u{1B}`.
  ///
  /// Shown: C0 and C1 controls, DEL, bidirectional controls, zero-width and other invisible characters, line and
  /// paragraph separators. Line feeds and tabs too; see `visible(keepingLineBreaks:)`.
  public var visible: String { visible(keepingLineBreaks: false) }

  /// The same. With `keepingLineBreaks`, line feeds and tabs stay as they are, and CR LF counts as one line feed.
  public func visible(keepingLineBreaks: Bool) -> String {
    // Nearly every text is clean, so that is told first, without making anything.
    if unicodeScalars.allSatisfy({ !$0.isTreacherous }) { return self }
    var result = String.UnicodeScalarView()
    var rest = unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if keepingLineBreaks, scalar == "\r", rest.first == "\n" { continue }
      if keepingLineBreaks, scalar == "\n" || scalar == "\t" {
        result.append(scalar)
      } else if scalar == "\u{200D}", Self.joinsPictures(before: result.last, after: rest.first) {
        result.append(scalar)
      } else if scalar.isTreacherous {
        result.append(contentsOf: scalar.shown.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A zero-width joiner between two pictures makes one of them (a family, a flag): there it hides nothing.
  private static func joinsPictures(before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
    guard let before, let after else { return false }
    let isPicture = before.properties.isEmojiPresentation || before.properties.isEmojiModifier || before == "\u{FE0F}"
    return isPicture && after.properties.isEmoji && !after.isASCII
  }
}

extension Unicode.Scalar {
  /// Whether it acts on a terminal, changes the order of what is read, or cannot be seen at all.
  fileprivate var isTreacherous: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0..<0xAD: false
    // Soft hyphen, Arabic letter mark, Hangul fillers.
    case 0xAD, 0x61C, 0x115F, 0x1160, 0x3164, 0xFFA0: true
    // Zero-width characters, direction marks, separators, embeddings, isolates, invisible operators.
    case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    // Byte order mark, interlinear annotations; tags, which can carry a whole hidden text.
    case 0xFEFF, 0xFFF0...0xFFFB, 0xE0000...0xE0FFF: true
    // A joiner without a glyph, vowels and selectors that are not drawn, controls of shorthand and of musical notation;
    // and every variation selector but the two that say how a picture is drawn.
    case 0x34F, 0x17B4...0x17B5, 0x180B...0x180F, 0xFE00...0xFE0D, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A: true
    default: false
    }
  }

  fileprivate var shown: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "\\u{\(digits.count < 2 ? "0" : "")\(digits)}"
  }
}
