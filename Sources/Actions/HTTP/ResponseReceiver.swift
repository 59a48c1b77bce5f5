/// What came back, as bytes: the beginning of the body and its true size.
struct ResponseBytes: Sendable {
  /// How much of a body is kept, in bytes.
  static let bodyLimit = 1 << 20
  static let headLimit = 256 * 1024

  /// `HTTP/1.1 404 Not Found`, empty before the first line came.
  var statusLine = ""
  /// Lower-cased names; a repeated header's values joined by `, `.
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  /// How many bytes the body had, kept or not.
  var bodyCount = 0

  var status: Int? {
    let parts = statusLine.split(separator: " ", maxSplits: 2)
    return parts.count > 1 ? Int(parts[1]) : nil
  }

  /// The server's own words for the status; HTTP/2 has none.
  var reason: String {
    let parts = statusLine.split(separator: " ", maxSplits: 2)
    return parts.count > 2 ? String(parts[2]) : ""
  }
}

/// Collects one response while it comes in. Used by one thread at a time.
final class ResponseReceiver {
  private(set) var response = ResponseBytes()
  private var headCount = 0
  /// True once the empty line behind the headers has come. libcurl takes a connection that was closed before it for the
  /// end of a whole response.
  private(set) var isHeadWhole = false
  /// How many bytes came in, of any kind.
  private(set) var count = 0

  func takeBody(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    response.bodyCount += bytes.count
    response.body.append(contentsOf: bytes.prefix(ResponseBytes.bodyLimit - response.body.count))
  }

  /// One line a call. A new status line means that the response before it was only provisional.
  func takeHeader(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    headCount += bytes.count
    if bytes.count <= 2, bytes.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) { isHeadWhole = true }
    guard headCount <= ResponseBytes.headLimit else { return }
    var line = String(decoding: bytes, as: UTF8.self)
    while line.unicodeScalars.last == "\n" || line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
    if line.hasPrefix("HTTP/") {
      isHeadWhole = false
      response.statusLine = line
      response.headers = [:]
    } else if let colon = line.firstIndex(of: ":") {
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].trimmingPrefix(while: { $0 == " " || $0 == "\t" })
      if let earlier = response.headers[name] {
        response.headers[name] = "\(earlier), \(value)"
      } else {
        response.headers[name] = String(value)
      }
    }
  }
}
