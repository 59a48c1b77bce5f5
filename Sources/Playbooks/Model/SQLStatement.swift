/// What can be told from the text of an SQL statement without a database: quotes, comments and dollar quotes are
/// passed over, words and placeholders are kept.
struct SQLStatement {
  /// In capital letters, in the order of the text.
  private(set) var words: [String] = []
  /// The numbers of `$1`, `$2`…
  private(set) var placeholders: Set<Int> = []
  /// How many statements there are between semicolons.
  private(set) var count = 0
  /// True when a quote or a comment does not end.
  private(set) var isOpenEnded = false
  private(set) var hasEqualsSign = false
  private var inStatement = false

  init(_ text: String) {
    var lexer = Lexer(bytes: Array(text.utf8))
    while let token = lexer.next() { note(token) }
    isOpenEnded = lexer.isOpenEnded
  }

  private mutating func note(_ token: Token) {
    if case .semicolon = token {
      inStatement = false
      return
    }
    if !inStatement {
      inStatement = true
      count += 1
    }
    switch token {
    case .word(let word): words.append(word)
    case .placeholder(let number): placeholders.insert(number)
    case .equals: hasEqualsSign = true
    case .semicolon, .other: break
    }
  }

  fileprivate enum Token {
    case word(String)
    case placeholder(Int)
    case semicolon, equals, other
  }
}

extension SQLStatement {
  private static let changes: Set<String> = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"]
  /// Functions that act although they stand in a SELECT.
  private static let acting: Set<String> = [
    "PG_TERMINATE_BACKEND", "PG_CANCEL_BACKEND", "PG_RELOAD_CONF", "PG_ROTATE_LOGFILE", "PG_SWITCH_WAL", "PG_PROMOTE",
    "PG_ADVISORY_LOCK", "PG_ADVISORY_UNLOCK_ALL", "PG_ADVISORY_UNLOCK", "PG_NOTIFY", "PG_DROP_REPLICATION_SLOT",
    "PG_WAL_REPLAY_PAUSE", "PG_WAL_REPLAY_RESUME", "SETVAL", "NEXTVAL", "SET_CONFIG", "LO_UNLINK", "DBLINK_EXEC",
  ]

  /// Rows are inserted, changed or deleted, so their number can be told.
  var changesRows: Bool {
    guard let verb = words.first else { return false }
    if Self.changes.contains(verb) { return true }
    return (verb == "WITH" || verb == "EXPLAIN" && words.contains("ANALYZE")) && dataChange != nil
  }

  /// Nothing in the database changes.
  var onlyReads: Bool {
    guard let verb = words.first, !words.contains(where: Self.acting.contains) else { return false }
    switch verb {
    case "SELECT", "WITH": return dataChange == nil && !words.contains("INTO") && !locksRows
    case "EXPLAIN": return !changesRows
    case "SHOW", "VALUES", "TABLE": return true
    case "PRAGMA": return !hasEqualsSign
    default: return false
    }
  }

  /// Every row is changed or deleted: there is no WHERE.
  var touchesEveryRow: Bool {
    (words.first == "UPDATE" || words.first == "DELETE") && !words.contains("WHERE")
  }

  private var dataChange: String? {
    guard words.first != "SELECT" else { return nil }
    for (index, word) in words.enumerated() where Self.changes.contains(word) {
      // FOR UPDATE and FOR NO KEY UPDATE lock; REPLACE is also a function.
      if word == "UPDATE", index > 0, words[index - 1] == "FOR" || words[index - 1] == "KEY" { continue }
      if word == "REPLACE", index + 1 >= words.count || words[index + 1] != "INTO" { continue }
      return word
    }
    return nil
  }

  private var locksRows: Bool {
    zip(words, words.dropFirst()).contains { first, second in
      first == "FOR" && ["UPDATE", "SHARE", "NO", "KEY"].contains(second)
    }
  }
}

/// The tokens of SQL as PostgreSQL and SQLite agree on them.
private struct Lexer {
  let bytes: [UInt8]
  var offset = 0
  var isOpenEnded = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> SQLStatement.Token? {
    while offset < bytes.count {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): offset += 1
      case UInt8(ascii: "-") where at(1) == UInt8(ascii: "-"): skipLine()
      case UInt8(ascii: "/") where at(1) == UInt8(ascii: "*"): skipComment()
      default: return token(byte)
      }
    }
    return nil
  }

  private mutating func token(_ byte: UInt8) -> SQLStatement.Token {
    switch byte {
    case UInt8(ascii: ";"):
      offset += 1
      return .semicolon
    case UInt8(ascii: "="):
      offset += 1
      return .equals
    case UInt8(ascii: "'"): skipQuoted(escapes: false)
    case UInt8(ascii: "\""), UInt8(ascii: "`"): skipQuoted(escapes: false)
    case UInt8(ascii: "$"): return dollar()
    case _ where isLetter(byte): return word()
    default: offset += 1
    }
    return .other
  }

  private mutating func word() -> SQLStatement.Token {
    let start = offset
    while let byte = at(0), isLetter(byte) || Words.isDigit(byte) || byte == UInt8(ascii: "$") { offset += 1 }
    let word = String(decoding: bytes[start..<offset], as: UTF8.self).uppercased()
    // E'…' is a text with backslashes.
    if word == "E", at(0) == UInt8(ascii: "'") {
      skipQuoted(escapes: true)
      return .other
    }
    return .word(word)
  }

  private mutating func dollar() -> SQLStatement.Token {
    var end = offset + 1
    while end < bytes.count, Words.isDigit(bytes[end]) { end += 1 }
    if end > offset + 1 {
      let number = Int(String(decoding: bytes[(offset + 1)..<end], as: UTF8.self))
      offset = end
      return number.map { .placeholder($0) } ?? .other
    }
    while end < bytes.count, isLetter(bytes[end]) || Words.isDigit(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
      offset += 1
      return .other
    }
    skipDollarQuote(tag: bytes[offset...end])
    return .other
  }

  private mutating func skipDollarQuote(tag: ArraySlice<UInt8>) {
    offset += tag.count
    while offset + tag.count <= bytes.count {
      if bytes[offset] == UInt8(ascii: "$"), bytes[offset..<(offset + tag.count)].elementsEqual(tag) {
        offset += tag.count
        return
      }
      offset += 1
    }
    offset = bytes.count
    isOpenEnded = true
  }

  private mutating func skipQuoted(escapes: Bool) {
    let quote = bytes[offset]
    offset += 1
    while offset < bytes.count {
      if escapes, bytes[offset] == UInt8(ascii: "\\") {
        offset = min(offset + 2, bytes.count)
      } else if bytes[offset] != quote {
        offset += 1
      } else if at(1) == quote {
        offset += 2
      } else {
        offset += 1
        return
      }
    }
    isOpenEnded = true
  }

  private mutating func skipLine() {
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
  }

  /// Comments nest in PostgreSQL.
  private mutating func skipComment() {
    var depth = 0
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") {
        (depth, offset) = (depth + 1, offset + 2)
      } else if bytes[offset] == UInt8(ascii: "*"), at(1) == UInt8(ascii: "/") {
        (depth, offset) = (depth - 1, offset + 2)
        if depth == 0 { return }
      } else {
        offset += 1
      }
    }
    isOpenEnded = true
  }

  private func at(_ distance: Int) -> UInt8? {
    offset + distance < bytes.count ? bytes[offset + distance] : nil
  }

  private func isLetter(_ byte: UInt8) -> Bool { Words.isLetter(byte) || byte == UInt8(ascii: "_") || byte >= 0x80 }
}
