internal import IncidentModel

/// The name under which an attempt's session shows in `pg_stat_activity`, so that it can be found and ended later.
enum ApplicationName {
  /// PostgreSQL keeps 63 bytes of printable ASCII and silently changes everything else.
  private static let limit = 63

  /// The mark as it is where it fits; else its beginning and a digest of the whole. Always the same for the same mark.
  static func of(_ mark: AttemptMark) -> String {
    let text = mark.text
    let isPrintable = text.utf8.allSatisfy { (32...126).contains($0) }
    if isPrintable, text.utf8.count <= limit { return text }
    let digest = digest(of: text)
    let start = text.unicodeScalars.map { (32...126).contains($0.value) ? Character($0) : "?" }
    return String(start.prefix(limit - digest.count - 1)) + "~" + digest
  }

  /// FNV-1a, 64 bits: it only has to tell marks apart, not to withstand anyone.
  private static func digest(of text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let hex = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - hex.count) + hex
  }
}
