/// What can be seen in an SQL statement without understanding it.
enum StatementText {
  /// The first word in upper case, behind blanks, comments and opening parentheses; empty if there is none.
  static func firstWord(of statement: String) -> String { firstWords(of: statement).first ?? "" }

  /// The words it begins with, two at most.
  private static func firstWords(of statement: String) -> [String] {
    let code = pieces(of: statement).prefix { $0.isCodeOrComment }.map { $0.code ?? " " }.joined()
    let start = code.drop { $0.isWhitespace || $0 == "(" || $0 == ";" }
    let word = start.prefix(while: \.isLetter)
    let second = start.dropFirst(word.count).drop(while: \.isWhitespace).prefix(while: \.isLetter)
    return [word, second].filter { !$0.isEmpty }.map { $0.uppercased() }
  }

  /// The statement with a space in place of each comment.
  static func withoutComments(_ statement: String) -> String {
    pieces(of: statement).map { piece in
      switch piece {
      case .code(let text), .quoted(let text): String(text)
      case .comment: " "
      }
    }.joined()
  }

  /// Every step is one transaction already, so it cannot begin or end one.
  static func controlsTransaction(_ statement: String) -> Bool {
    let words = firstWords(of: statement)
    return words == ["PREPARE", "TRANSACTION"]
      || ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"].contains(words.first ?? "")
  }

  /// Line and column, from 1, of a character counted from 1. `nil` past the end.
  static func place(ofCharacter position: Int, in statement: String) -> (line: Int, column: Int)? {
    guard position > 0, position <= statement.unicodeScalars.count + 1 else { return nil }
    var (line, column) = (1, 1)
    for scalar in statement.unicodeScalars.prefix(position - 1) {
      if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
    }
    return (line, column)
  }

  /// `$1` as `?1`, outside quotes and comments: SQLite would number `$2, $1` in the order they appear.
  static func withNumberedPlaceholders(_ statement: String) -> String {
    pieces(of: statement).map { piece in
      switch piece {
      case .quoted(let text), .comment(let text): String(text)
      case .code(let code): numberingPlaceholders(in: String(code))
      }
    }.joined()
  }
}

// MARK: - Quotes and comments

extension StatementText {
  private enum Piece {
    case code(Substring)
    case quoted(Substring)
    case comment(Substring)

    var code: Substring? { if case .code(let text) = self { text } else { nil } }
    var isCodeOrComment: Bool { if case .quoted = self { false } else { true } }
  }

  /// Cuts a statement at its quotes and comments. Together the pieces are the statement.
  private static func pieces(of statement: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = statement[...]
    var code = rest.startIndex
    func flush(_ end: Substring.Index) {
      if code < end { pieces.append(.code(statement[code..<end])) }
    }
    while let character = rest.first {
      let start = rest.startIndex
      if let end = endOfQuote(character, in: rest) {
        flush(start)
        pieces.append(.quoted(statement[start..<end]))
        (code, rest) = (end, statement[end...])
      } else if let end = endOfComment(in: rest) {
        flush(start)
        pieces.append(.comment(statement[start..<end]))
        (code, rest) = (end, statement[end...])
      } else {
        rest = rest.dropFirst()
      }
    }
    flush(statement.endIndex)
    return pieces
  }

  private static func numberingPlaceholders(in code: String) -> String {
    code.replacing(/(?<before>^|[^\w$])\$(?<number>[0-9]+)/) { "\($0.output.before)?\($0.output.number)" }
  }

  private static func endOfQuote(_ character: Character, in rest: Substring) -> Substring.Index? {
    let closing: Character
    switch character {
    case "'", "\"", "`": closing = character
    case "[": closing = "]"
    default: return nil
    }
    // A doubled quote inside ends one quoted piece and begins the next: the same to us.
    return rest.dropFirst().firstIndex(of: closing).map { rest.index(after: $0) } ?? rest.endIndex
  }

  private static func endOfComment(in rest: Substring) -> Substring.Index? {
    if rest.hasPrefix("--") { return rest.firstIndex(where: \.isNewline) ?? rest.endIndex }
    guard rest.hasPrefix("/*") else { return nil }
    return rest.dropFirst(2).firstRange(of: "*/")?.upperBound ?? rest.endIndex
  }
}
