import Foundation
import IncidentModel

/// Turns a request into what is sent, and refuses what must not be sent. Touches nothing.
struct HTTPOrder {
  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
  /// Headers that decide where one request ends and the next begins, or whom it is for: never a playbook's business.
  private static let reserved: Set<String> = [
    "host", "content-length", "transfer-encoding", "connection", "te", "trailer", "upgrade", "expect",
    "proxy-authorization",
  ]

  var order: CurlTransfer.Order
  let origin: CurlTransfer.Origin
  /// What messages call it: `GET api.example.com/trades`, or scheme and host alone where the address is a secret.
  let title: String
  /// The host, with its port unless that is the usual one.
  let place: String

  init(_ request: HTTPRequest, mark: AttemptMark, agent: String) throws(Failure) {
    if let failure = ClientLibraries.curlFailure { throw failure }
    guard Self.methods.contains(request.method) else {
      throw Failure(.badValue, "'\(request.method)' is not a method of HTTP requests in playbooks")
    }
    let (base, hidden): (String, Bool) =
      switch request.base {
      case .open(let text): (text, false)
      case .hidden(let secret): (secret.reveal { $0 }, true)
      }
    let url = try Self.url(request, base)
    guard let origin = CurlTransfer.Origin(of: url), origin.scheme == "http" || origin.scheme == "https" else {
      let shown = hidden ? "" : ", but '\(base.prefix(while: { $0 != "@" && $0 != "?" }))'"
      throw Failure(
        .notConfigured, "the address of connection '\(request.connection)' is not an http or https URL\(shown)",
        advice: "correct it in the environment file, or in the variable it comes from")
    }
    self.origin = origin
    place = hidden || origin.isDefaultPort ? origin.host : "\(origin.host):\(origin.port)"
    let prefix = hidden ? "" : Self.path(of: base)
    title = "\(request.method) " + (hidden ? "\(origin.scheme)://\(origin.host)" : place + prefix + request.path)
    order = CurlTransfer.Order(
      url: url, method: request.method, headers: try Self.headers(request, mark, agent),
      body: Self.body(request.body), timeLimit: request.timeLimit,
      mustNotRepeat: request.method != "GET" && request.method != "HEAD",
      certificateAuthority: request.certificateAuthority)
  }

  // MARK: The address

  private static func url(_ request: HTTPRequest, _ base: String) throws(Failure) -> String {
    let place = "the address of connection '\(request.connection)'"
    guard isPrintable(base) else {
      throw Failure(.notConfigured, "\(place) holds a space or a control character", advice: "check where it is set")
    }
    guard !base.contains("#") else { throw Failure(.notConfigured, "\(place) holds a '#'", advice: "remove it") }
    var url = base
    if !request.path.isEmpty {
      try check(request.path)
      guard !base.contains("?") else {
        throw Failure(.notConfigured, "\(place) ends in a query, so no path can follow it", advice: "remove the query")
      }
      while url.hasSuffix("/") { url.removeLast() }
      url += request.path
    }
    guard !request.query.isEmpty else { return url }
    let query = request.query.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&")
    return url + (url.contains("?") ? "&" : "?") + query
  }

  /// A path that is not one could lead to another host, or to another place on the same.
  private static func check(_ path: String) throws(Failure) {
    guard path.hasPrefix("/") else { throw Failure(.badValue, "the path '\(path)' does not begin with '/'") }
    guard isPrintable(path), !path.contains("\\"), !path.contains("#") else {
      throw Failure(.badValue, "the path '\(path)' holds a space, a control character, a '\\' or a '#'")
    }
    let segments = path.prefix { $0 != "?" }.split(separator: "/")
    if segments.contains(where: { [".", ".."].contains($0.lowercased().replacingOccurrences(of: "%2e", with: ".")) }) {
      throw Failure(
        .badValue, "the path '\(path)' holds '.' or '..' as a step, and would lead elsewhere than it seems",
        advice: "check the value that was put into the path")
    }
  }

  private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } }

  private static func percentEncoded(_ text: String) -> String {
    let free = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if free.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The path of the base, for messages; the query and what stands before the host are nobody's business.
  private static func path(of base: String) -> String {
    guard let scheme = base.range(of: "://") else { return "" }
    let rest = base[scheme.upperBound...].prefix { $0 != "?" }
    guard let slash = rest.firstIndex(of: "/") else { return "" }
    let path = rest[slash...]
    return path.hasSuffix("/") ? String(path.dropLast()) : String(path)
  }

  // MARK: Headers and body

  private static func headers(_ request: HTTPRequest, _ mark: AttemptMark, _ agent: String) throws(Failure) -> [String]
  {
    let given = Set(request.headers.map { $0.name.lowercased() })
    var lines: [String] = []
    for (name, value) in request.headers {
      try check(name, value)
      // To libcurl, `Name:` means "do not send it" and `Name;` "send it empty".
      lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    if let bearer = request.bearer {
      guard !given.contains("authorization") else {
        throw Failure(
          .badValue, "the step sets 'Authorization', and connection '\(request.connection)' has a token already",
          advice: "remove one of them")
      }
      guard bearer.reveal({ !$0.isEmpty && Self.isPrintable($0) }) else {
        throw Failure(
          .notConfigured, "the token '\(bearer.name)' is empty, or holds a space or a line break",
          advice: "check where it is set")
      }
      lines.append(bearer.reveal { "Authorization: Bearer \($0)" })
    }
    if !given.contains("user-agent") { lines.append("User-Agent: \(agent)") }
    if request.method != "GET", request.method != "HEAD", !given.contains("idempotency-key") {
      guard isHeaderValue(mark.idempotencyKey) else {
        throw Failure(.badValue, "the idempotency key holds a line break")
      }
      lines.append("Idempotency-Key: \(mark.idempotencyKey)")
    }
    if !given.contains("content-type") { lines.append(contentType(request.body)) }
    // libcurl would wait a second for permission before it sends a large body.
    return lines + ["Expect:"]
  }

  private static func contentType(_ body: HTTPRequest.Body) -> String {
    switch body {
    case .none: "Content-Type:"
    case .json: "Content-Type: application/json"
    case .text: "Content-Type: text/plain; charset=utf-8"
    }
  }

  private static func check(_ name: String, _ value: String) throws(Failure) {
    let token = Set("!#$%&'*+-.^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    guard !name.isEmpty, name.utf8.allSatisfy(token.contains) else {
      throw Failure(.badValue, "'\(name)' cannot be the name of a header")
    }
    guard !reserved.contains(name.lowercased()) else {
      throw Failure(.badValue, "the header '\(name)' is set by andon itself", advice: "remove it from 'headers'")
    }
    guard isHeaderValue(value) else {
      throw Failure(
        .badValue, "the value for the header '\(name)' holds a line break or a control character",
        advice: "check the value that was put into it")
    }
  }

  private static func isHeaderValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { ($0 >= 0x20 || $0 == 0x09) && $0 != 0x7F }
  }

  private static func body(_ body: HTTPRequest.Body) -> [UInt8]? {
    switch body {
    case .none: nil
    case .json(let value): Array(value.jsonText.utf8)
    case .text(let text): Array(text.utf8)
    }
  }
}
