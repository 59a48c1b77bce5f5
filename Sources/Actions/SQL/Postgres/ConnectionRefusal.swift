/// What libpq says about a connection it could not make, taken apart.
///
/// libpq gives no code, only text of one or several lines, one for each address and way it tried.
struct ConnectionRefusal: Sendable, Hashable {
  /// Each reason once, without the address and without libpq's advice.
  let reasons: [String]
  /// Set when the server answered and said no.
  let sqlState: String?

  init(libpqText: String) {
    var reasons: [String] = []
    var sqlState: String?
    for line in libpqText.split(separator: "\n") where !Self.isCommentary(line) {
      var reason = Self.afterAddress(line)
      // "FATAL:  28P01: password authentication failed…": severity and code are there because we asked for them.
      if let match = reason.wholeMatch(of: /[A-Z]+: +([0-9A-Z]{5}): +(.*)/) {
        sqlState = sqlState ?? String(match.1)
        reason = match.2
      }
      let text = String(reason)
      if !text.isEmpty, !reasons.contains(text) { reasons.append(text) }
    }
    self.reasons = reasons.isEmpty ? ["no reason given"] : reasons
    self.sqlState = sqlState
  }

  private static func isCommentary(_ line: Substring) -> Bool {
    line.hasPrefix("\t") || line.hasPrefix("LOCATION:") || line.hasPrefix("Either provide the file")
  }

  /// Cuts off `connection to server at "127.0.0.1", port 5432 failed: `.
  private static func afterAddress(_ line: Substring) -> Substring {
    guard line.hasPrefix("connection to server "), let failed = line.firstRange(of: " failed: ") else { return line }
    return line[failed.upperBound...]
  }
}
