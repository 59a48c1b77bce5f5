internal import IncidentModel

/// Cuts SQL with `:name` parameters into its statements. Quotes and comments are passed over, `::` is a cast.
struct SQLText {
  struct Statement: Sendable, Hashable {
    /// Comments and all, with `$1`, `$2`… in place of the names.
    var numbered = ""
    /// The names behind the numbers: `$1` is the first. Each once.
    var names: [String] = []
    /// The first word, in capitals; empty when there is nothing but comments.
    var keyword = ""
  }

  private(set) var statements: [Statement] = []
  private var current = Statement()
  private var rest: Substring
  /// Where the text stands, for messages.
  private let path: String

  /// Refuses the other kinds of parameter.
  init(_ sql: String, path: String) throws(Problem) {
    rest = Substring(sql)
    self.path = path
    while let character = rest.first {
      switch character {
      case "'", "\"", "`": take(past: String(character))
      case "[": take(past: "]")
      case "-" where rest.hasPrefix("--"): take(past: "\n", from: 2)
      case "/" where rest.hasPrefix("/*"): take(past: "*/", from: 2)
      case ":" where rest.hasPrefix("::"): take(2)
      case ":": try takeParameter()
      case "?", "@", "$":
        throw Problem("\(path) has a '\(character)' parameter", advice: "Write parameters as :name.")
      case ";": endStatement()
      default: takeWord()
      }
    }
    endStatement()
  }

  private mutating func take(_ count: Int) {
    current.numbered += rest.prefix(count)
    rest = rest.dropFirst(count)
  }

  private mutating func take(past end: String, from start: Int = 1) {
    let found = rest.dropFirst(start).firstRange(of: end)?.upperBound ?? rest.endIndex
    current.numbered += rest[..<found]
    rest = rest[found...]
  }

  private mutating func takeWord() {
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    if current.keyword.isEmpty { current.keyword = word.prefix(while: \.isLetter).uppercased() }
    take(max(1, word.count))
  }

  private mutating func takeParameter() throws(Problem) {
    let name = rest.dropFirst().prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
    guard let first = name.first, !first.isNumber else {
      throw Problem("\(path) has a ':' without a name after it")
    }
    if !current.names.contains(String(name)) { current.names.append(String(name)) }
    current.numbered += "$\((current.names.firstIndex(of: String(name)) ?? 0) + 1)"
    rest = rest.dropFirst(name.count + 1)
  }

  private mutating func endStatement() {
    if !current.keyword.isEmpty || !current.names.isEmpty { statements.append(current) }
    current = Statement()
    rest = rest.dropFirst()
  }
}
