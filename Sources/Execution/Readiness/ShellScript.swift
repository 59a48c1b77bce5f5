/// What can be told of a shell script without running it: the programs that its simple commands begin with. Quotes,
/// comments, here-documents, assignments and redirections are passed over; `$(…)` is looked into.
struct ShellScript {
  /// Names of programs, each once, in the order of the text. Without what the shell does itself, the script's own
  /// functions, and what it looks for before it uses it (`command -v x`).
  private(set) var programs: [String] = []
  /// False when only running it tells all that it runs: `"$TOOL" x`, `eval`, `case`, back-quotes.
  private(set) var isWhollyKnown = true

  private var text: [Character]
  private var place = 0
  private var functions: Set<String> = []
  /// What ends the here-documents that begin on this line.
  private var documents: [String] = []

  init(_ script: String) {
    text = Array(script)
    commands(endingAt: nil)
    let probed = script.matches(of: /\b(?:command\s+-v|type|hash)\s+([\w.-]+)/).map { String($0.output.1) }
    var seen = Set(probed).union(functions)
    programs = programs.filter { seen.insert($0).inserted }
  }

  private var character: Character? { place < text.count ? text[place] : nil }
  private var next: Character? { place + 1 < text.count ? text[place + 1] : nil }

  /// - Parameter closer: the parenthesis that ends a `$(…)`.
  private mutating func commands(endingAt closer: Character?) {
    var isFirst = true
    var isTarget = false
    while let character {
      switch character {
      case closer:
        place += 1
        return
      case "\n":
        place += 1
        passDocuments()
        isFirst = true
      case _ where character.isWhitespace: place += 1
      case "#": while self.character.map({ $0 != "\n" }) ?? false { place += 1 }
      case ";", "&", "|", "(":
        place += 1
        isFirst = true
      case ")":
        place += 1
        isFirst = false
      case "<", ">": isTarget = redirection()
      default:
        let word = word()
        if isTarget { isTarget = false } else if isFirst { isFirst = note(word) }
      }
    }
  }

  /// Passes over the sign. Returns whether the word behind it is its target.
  private mutating func redirection() -> Bool {
    let isDocument = character == "<" && next == "<"
    while let character, "<>&|-".contains(character) { place += 1 }
    guard isDocument else { return true }
    while character == " " { place += 1 }
    documents.append(word().text)
    return false
  }

  private mutating func passDocuments() {
    for end in documents {
      while place < text.count {
        let line = text[place...].prefix { $0 != "\n" }
        place = min(line.endIndex + 1, text.count)
        if String(line.drop { $0 == "\t" }) == end { break }
      }
    }
    documents = []
  }
}

// MARK: - Words

extension ShellScript {
  private struct Word {
    var text = ""
    /// It holds something that only a run puts there.
    var isOpen = false
    var isQuoted = false
  }

  private static let ends: Set<Character> = [" ", "\t", "\n", "\r\n", ";", "&", "|", "(", ")", "<", ">"]

  private mutating func word() -> Word {
    var word = Word()
    var quote: Character?
    while let character {
      if quote == nil, Self.ends.contains(character) { break }
      place += 1
      switch character {
      case quote: quote = nil
      case "'" where quote == nil, "\"" where quote == nil: (quote, word.isQuoted) = (character, true)
      case "\\" where quote != "'":
        if let next = self.character, next != "\n" { word.text.append(next) }
        place += 1
      case "$" where quote != "'": expansion(&word)
      case "`" where quote != "'":
        (word.isOpen, isWhollyKnown) = (true, false)
        while let inner = self.character, inner != "`" { place += inner == "\\" ? 2 : 1 }
        place += 1
      default: word.text.append(character)
      }
    }
    return word
  }

  private mutating func expansion(_ word: inout Word) {
    word.isOpen = true
    switch character {
    case "(" where next == "(": pass(from: "(", to: ")")
    case "(":
      place += 1
      commands(endingAt: ")")
    case "{": pass(from: "{", to: "}")
    default: while let character, character.isLetter || character.isNumber || character == "_" { place += 1 }
    }
  }

  /// Over a balanced pair, such as `${x%%y}` or `$((1 + 2))`.
  private mutating func pass(from opener: Character, to closer: Character) {
    var depth = 0
    while let character {
      place += 1
      if character == opener { depth += 1 } else if character == closer { depth -= 1 }
      if depth == 0 { return }
    }
  }

  /// What stands where a command begins. Returns whether the next word still does.
  private mutating func note(_ word: Word) -> Bool {
    if !word.isQuoted, word.text.prefixMatch(of: /[A-Za-z_]\w*=/) != nil { return true }
    if !word.isQuoted, !word.text.isEmpty, word.text.allSatisfy(\.isNumber), character == "<" || character == ">" {
      return true
    }
    if word.isOpen || Self.obscure.contains(word.text) {
      isWhollyKnown = false
      // From here on patterns and commands look alike.
      if word.text == "case" { place = text.count }
      return false
    }
    if Self.introducing.contains(word.text) { return true }
    if character == "(", next == ")" {
      functions.insert(word.text)
      return false
    }
    if Self.builtIn.contains(word.text) || word.text.isEmpty { return false }
    // A path that begins nowhere begins where the script has gone by then.
    if word.text.contains("/"), !word.text.hasPrefix("/") {
      isWhollyKnown = false
    } else {
      programs.append(word.text)
    }
    return false
  }

  private static let introducing: Set<String> = [
    "if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "exec",
  ]
  private static let obscure: Set<String> = ["case", "eval", ".", "source", "function", "select"]
  private static let builtIn: Set<String> = [
    "fi", "done", "esac", "}", "for", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "exit",
    "export", "false", "fg", "getopts", "hash", "jobs", "kill", "local", "printf", "pwd", "read", "readonly", "return",
    "set", "shift", "test", "times", "trap", "true", "type", "ulimit", "umask", "unalias", "unset", "wait",
  ]
}
