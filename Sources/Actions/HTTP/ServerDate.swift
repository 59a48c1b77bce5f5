import IncidentModel

/// Moments as servers and certificates write them, which are always in GMT.
enum ServerDate {
  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  static func ofHeader(_ text: String) -> Timestamp? {
    guard let parts = text.wholeMatch(of: /\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) GMT/) else { return nil }
    return moment(year: parts.3, month: parts.2, day: parts.1, time: parts.4)
  }

  /// `Nov  6 08:49:37 1994 GMT`, as OpenSSL writes it, or `1994-11-06 08:49:37 GMT`, as others do.
  static func ofCertificate(_ text: String) -> Timestamp? {
    if let parts = text.wholeMatch(of: /(\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT/) {
      return moment(year: parts.4, month: parts.1, day: parts.2, time: parts.3)
    }
    guard let parts = text.wholeMatch(of: /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) GMT/) else { return nil }
    return Timestamp("\(parts.1)T\(parts.2)Z")
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func moment(year: Substring, month: Substring, day: Substring, time: Substring) -> Timestamp? {
    guard let number = months.firstIndex(of: String(month)) else { return nil }
    func two(_ text: String) -> String { text.count < 2 ? "0\(text)" : text }
    return Timestamp("\(year)-\(two(String(number + 1)))-\(two(String(day)))T\(time)Z")
  }
}
