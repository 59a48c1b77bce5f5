extension Template {
  /// Reads text with `${…}` places. `$${` stands for the characters `${`; any other `$` is itself.
  ///
  /// A place ends at the first `}` outside of quotes. The error's offset counts characters from the start of `source`.
  public init(parsing source: String) throws(ExpressionSyntaxError) {
    var parser = TemplateParser(source)
    self.init(source: source, segments: try parser.parse())
  }
}

/// Everything it looks for is ASCII, so it walks the bytes and counts characters only for an error.
private struct TemplateParser {
  private let source: String
  private var position: String.Index
  private var literal = ""
  private var segments: [Template.Segment] = []

  init(_ source: String) {
    self.source = source
    position = source.startIndex
  }

  mutating func parse() throws(ExpressionSyntaxError) -> [Template.Segment] {
    while let dollar = source.utf8[position...].firstIndex(of: UInt8(ascii: "$")) {
      literal += source[position..<dollar]
      let rest = source.utf8[dollar...]
      if rest.starts(with: "${".utf8) {
        try readPlace(at: dollar)
      } else if rest.starts(with: "$${".utf8) {
        literal += "${"
        position = source.utf8.index(dollar, offsetBy: 3)
      } else {
        literal += "$"
        position = source.utf8.index(after: dollar)
      }
    }
    literal += source[position...]
    endLiteral()
    return segments
  }

  private mutating func endLiteral() {
    if !literal.isEmpty { segments.append(.literal(literal)) }
    literal = ""
  }

  /// `dollar` is where the `${` stands.
  private mutating func readPlace(at dollar: String.Index) throws(ExpressionSyntaxError) {
    let start = source.utf8.index(dollar, offsetBy: 2)
    guard let end = closingBrace(from: start) else {
      throw ExpressionSyntaxError(
        "this '${' has no closing '}'", offset: offset(of: dollar), hint: "for the characters themselves, write '$${'")
    }
    let inside = source[start..<end]
    let indented = inside.unicodeScalars.firstIndex { !$0.properties.isWhitespace } ?? end
    guard indented < end else {
      throw ExpressionSyntaxError(
        "this place names no value", offset: offset(of: dollar), hint: "write a name into it: ${params.x}")
    }
    let last = inside.unicodeScalars.lastIndex { !$0.properties.isWhitespace } ?? indented
    do {
      endLiteral()
      let expression = try Expression(parsing: String(source.unicodeScalars[indented...last]))
      segments.append(.expression(expression))
    } catch {
      throw ExpressionSyntaxError(error.message, offset: offset(of: indented) + error.offset, hint: error.hint)
    }
    position = source.utf8.index(after: end)
  }

  /// The `}` that ends the place; braces inside count, quoted ones do not.
  private func closingBrace(from start: String.Index) -> String.Index? {
    var depth = 0
    var quote: UInt8?
    var escaped = false
    for index in source.utf8.indices[start...] {
      let byte = source.utf8[index]
      if let open = quote {
        if escaped {
          escaped = false
        } else if byte == UInt8(ascii: "\\") {
          escaped = true
        } else if byte == open {
          quote = nil
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private func offset(of index: String.Index) -> Int { source.distance(from: source.startIndex, to: index) }
}
