internal import IncidentModel

/// One word, sign or literal of an expression.
struct ExpressionToken: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case number(Number)
    case duration(Duration)
    case text(String)
    /// A root name or the name of a function.
    case name(String)
    /// A dot and the name after it.
    case member(String)
    case word(Word)
    case sign(Sign)
    case end
  }

  /// Words with a meaning of their own. After a dot they are names like all others.
  enum Word: String, Sendable, CaseIterable {
    case and, or, not, `in`, matches, `is`, absent, null, `true`, `false`
  }

  enum Sign: String, Sendable, CaseIterable {
    case equal = "=="
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case remainder = "%"
    case open = "("
    case close = ")"
    case openBracket = "["
    case closeBracket = "]"
    case comma = ","
  }

  let kind: Kind
  /// In Unicode scalars from the start of the expression.
  let offset: Int
}

/// Splits an expression into tokens.
///
/// A name is a letter or `_` and then letters, digits and `_`. After a dot a name may also hold `-` between letters or
/// digits, because ids are slugs: `steps.disable-trades.row_count`. So a minus after such a name needs a space before
/// it: `steps.count.total - 1`.
struct ExpressionLexer {
  private let source: String
  private let scalars: [Unicode.Scalar]
  private var position = 0

  static func tokens(of source: String) throws(ExpressionSyntaxError) -> [ExpressionToken] {
    var lexer = ExpressionLexer(source)
    var tokens: [ExpressionToken] = []
    while let token = try lexer.next() { tokens.append(token) }
    tokens.append(ExpressionToken(kind: .end, offset: lexer.scalars.count))
    return tokens
  }

  private init(_ source: String) {
    self.source = source
    scalars = Array(source.unicodeScalars)
  }

  private var current: Unicode.Scalar? { scalar(at: position) }

  private func scalar(at index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private func text(_ range: Range<Int>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[range])
    return text
  }

  private func error(_ message: String, at offset: Int, hint: String? = nil) -> ExpressionSyntaxError {
    ExpressionSyntaxError(message, offset: source.characterOffset(ofScalar: offset), hint: hint)
  }

  private mutating func next() throws(ExpressionSyntaxError) -> ExpressionToken? {
    skip { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    guard let first = current else { return nil }
    let start = position
    let kind: ExpressionToken.Kind =
      switch first {
      case "\"", "'": try quotedText(first)
      case ".": try member()
      case _ where first.isDigit: try numberOrDuration()
      case _ where first.isNameStart: name()
      default: try sign(first)
      }
    return ExpressionToken(kind: kind, offset: start)
  }

  private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
    while let scalar = current, condition(scalar) { position += 1 }
  }
}

// MARK: - Names

extension ExpressionLexer {
  private mutating func name() -> ExpressionToken.Kind {
    let start = position
    skip(while: \.isNamePart)
    let name = text(start..<position)
    return ExpressionToken.Word(rawValue: name).map { .word($0) } ?? .name(name)
  }

  private mutating func member() throws(ExpressionSyntaxError) -> ExpressionToken.Kind {
    let dot = position
    position += 1
    let start = position
    skip(while: \.isNamePart)
    while current == "-", scalar(at: position - 1)?.isAlphanumeric == true,
      scalar(at: position + 1)?.isAlphanumeric == true
    {
      position += 1
      skip(while: \.isNamePart)
    }
    guard position > start else {
      throw error("a name must follow the dot", at: dot, hint: "write an odd key in brackets: map[\"key\"]")
    }
    return .member(text(start..<position))
  }
}

// MARK: - Literals

extension ExpressionLexer {
  private mutating func numberOrDuration() throws(ExpressionSyntaxError) -> ExpressionToken.Kind {
    let start = position
    skip(while: \.isDigit)
    if current == ".", scalar(at: position + 1)?.isDigit == true {
      position += 1
      skip(while: \.isDigit)
    }
    skipExponent()
    let numberEnd = position
    skip(while: \.isNamePart)
    let word = text(start..<position)

    if numberEnd == position, let number = Number(word) { return .number(number) }
    if let duration = Duration(playbookText: word) { return .duration(duration) }
    throw error(
      "'\(word.shortened)' is neither a number nor a duration", at: start,
      hint: numberEnd == position
        ? "numbers have at most 38 digits and no leading zero"
        : "durations are a whole number and ms, s, m, h or d; put text into quotes")
  }

  private mutating func skipExponent() {
    guard current == "e" || current == "E" else { return }
    var end = position + 1
    if scalar(at: end) == "+" || scalar(at: end) == "-" { end += 1 }
    guard scalar(at: end)?.isDigit == true else { return }
    position = end
    skip(while: \.isDigit)
  }

  private mutating func quotedText(_ quote: Unicode.Scalar) throws(ExpressionSyntaxError) -> ExpressionToken.Kind {
    let start = position
    position += 1
    var text = ""
    while let scalar = current {
      if scalar == quote {
        position += 1
        return .text(text)
      }
      text.unicodeScalars.append(scalar == "\\" ? try escape() : scalar)
      position += 1
    }
    throw error("this text has no closing \(quote)", at: start)
  }

  /// Stands on the backslash; leaves off on the last scalar of the escape.
  private mutating func escape() throws(ExpressionSyntaxError) -> Unicode.Scalar {
    let start = position
    position += 1
    switch current {
    case "n": return "\n"
    case "t": return "\t"
    case "\\": return "\\"
    case "\"": return "\""
    case "'": return "'"
    case let other?:
      throw error("unknown escape '\\\(other)'", at: start, hint: "for a backslash itself, write \\\\")
    case nil: throw error("this text ends in the middle of an escape", at: start)
    }
  }
}

// MARK: - Signs

extension ExpressionLexer {
  /// What people write who come from other languages.
  private static let foreign = [
    "===": "==", "!==": "!=", "&&": "and", "||": "or", "<>": "!=", "=~": "matches", "=": "==", "!": "not", "&": "and",
    "|": "or", "**": "*",
  ]

  private mutating func sign(_ first: Unicode.Scalar) throws(ExpressionSyntaxError) -> ExpressionToken.Kind {
    for length in [3, 2, 1] where position + length <= scalars.count {
      let word = text(position..<(position + length))
      if let meant = Self.foreign[word] {
        throw error("'\(word)' is not an operator here", at: position, hint: "did you mean '\(meant)'?")
      }
      if let sign = ExpressionToken.Sign(rawValue: word) {
        position += length
        return .sign(sign)
      }
    }
    throw error("'\(first.shown)' has no meaning here", at: position, hint: Self.hint(for: first))
  }

  private static func hint(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "$", "{", "}": "names stand bare in an expression: params.x"
    case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}", "`": "text stands in \" or '"
    case _ where scalar.properties.isAlphabetic: "names are made of a-z, A-Z, 0-9 and _; put text into quotes"
    default: nil
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isLetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
  fileprivate var isAlphanumeric: Bool { isDigit || isLetter }
  fileprivate var isNameStart: Bool { isLetter || self == "_" }
  fileprivate var isNamePart: Bool { isAlphanumeric || self == "_" }

  /// Itself, or its number when it does not show.
  fileprivate var shown: String {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned, .spaceSeparator,
      .nonspacingMark, .enclosingMark:
      "U+" + String(value, radix: 16, uppercase: true)
    default: String(self)
    }
  }
}

extension String {
  /// Characters before the scalar at `offset`: what people count as columns.
  func characterOffset(ofScalar offset: Int) -> Int {
    let index = unicodeScalars.index(startIndex, offsetBy: offset, limitedBy: endIndex) ?? endIndex
    return distance(from: startIndex, to: index)
  }

  /// For messages that quote what was read.
  var shortened: String { count <= 40 ? self : prefix(39) + "…" }
}
