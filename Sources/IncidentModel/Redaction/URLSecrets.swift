/// What is confidential in a URL, besides the URL as a whole. Host, port, user and database name are not.
struct URLSecrets {
  private(set) var parts: Set<String> = []
  /// `user:password`, which HTTP sends as base64.
  private(set) var pairs: Set<String> = []

  private static let shortestToken = 16
  private static let shortestQueryValue = 8
  private static let telling = ["key", "token", "secret", "pass", "auth", "sig"]

  init(in url: String) {
    guard let scheme = url.firstRange(of: "://") else {
      readConnectionString(url)
      return
    }
    var rest = url[scheme.upperBound...]
    if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
    var query: Substring = ""
    if let mark = rest.firstIndex(of: "?") {
      query = rest[rest.index(after: mark)...]
      rest = rest[..<mark]
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    // A password may hold a raw slash or '@', although it should not: the last '@' before the path decides.
    let hasPassword = readUser(rest[..<slash], isWeb: url.lowercased().hasPrefix("http"))
    let hasToken = hasPassword ? false : readPath(rest[slash...])
    readQuery(query, hasPassword: hasPassword, hasToken: hasToken)
  }

  private mutating func add(_ part: Substring) {
    parts.insert(String(part))
    parts.insert(String(part).percentDecoded)
  }

  /// Whether there is a password.
  private mutating func readUser(_ authority: Substring, isWeb: Bool) -> Bool {
    guard let at = authority.lastIndex(of: "@") else { return false }
    let user = authority[..<at]
    guard let colon = user.firstIndex(of: ":") else {
      // A token in the place of the user, as code hosts and error collectors want it.
      if isWeb, user.count >= Self.shortestToken { add(user) }
      return false
    }
    let password = user[user.index(after: colon)...]
    guard !password.isEmpty else {
      if isWeb, user[..<colon].count >= Self.shortestToken { add(user[..<colon]) }
      return false
    }
    add(password)
    pairs.insert(String(user))
    pairs.insert(String(user[..<colon]).percentDecoded + ":" + String(password).percentDecoded)
    return true
  }

  /// Web hooks carry their secret in the path. Whether there is one.
  private mutating func readPath(_ path: Substring) -> Bool {
    let tokens: [Substring] = path.split(separator: "/" as Character).filter { $0.count >= Self.shortestToken }
    for token in tokens { add(token) }
    return !tokens.isEmpty
  }

  private mutating func readQuery(_ query: Substring, hasPassword: Bool, hasToken: Bool) {
    for item in query.split(separator: "&" as Character) {
      guard let equals = item.firstIndex(of: "=") else { continue }
      let key = item[..<equals].lowercased()
      let value = item[item.index(after: equals)...]
      let shortest = hasToken ? Self.shortestQueryValue : Self.shortestToken
      if Self.telling.contains(where: key.contains) || (!hasPassword && value.count >= shortest) { add(value) }
    }
  }

  /// `host=… password=…`, the other form of database addresses.
  private mutating func readConnectionString(_ text: String) {
    guard let key = text.firstRange(of: "password") else { return }
    let rest = text[key.upperBound...].drop { $0 == " " }
    guard rest.first == "=" else { return }
    let value = rest.dropFirst().drop { $0 == " " }
    if value.first == "'" {
      var (password, escaped) = ("", false)
      for character in value.dropFirst() {
        if !escaped, character == "'" { break }
        escaped = !escaped && character == "\\"
        if !escaped { password.append(character) }
      }
      parts.insert(password)
    } else {
      parts.insert(String(value.prefix { !$0.isWhitespace }))
    }
  }
}

extension String {
  /// With `%XX` undone. A `%` that is not followed by two digits stays.
  fileprivate var percentDecoded: String {
    guard utf8.contains(UInt8(ascii: "%")) else { return self }
    let bytes = Array(utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
        let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
      {
        decoded.append(UInt8(high << 4 | low))
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
