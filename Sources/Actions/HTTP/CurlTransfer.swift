import CCurl
import Foundation
import Glibc
import IncidentModel

/// libcurl, and nothing else of ours knows it: one handle that performs one request at a time and keeps its
/// connections open for the next.
///
/// `@unchecked Sendable`: libcurl lets a handle move between threads as long as one at a time uses it, and
/// `ConnectionPool` lends each handle to one borrower at a time.
final class CurlTransfer: @unchecked Sendable {
  /// What to send. All of it has been checked.
  struct Order: Sendable {
    var url: String
    var method: String
    /// Whole header lines.
    var headers: [String]
    var body: [UInt8]?
    var timeLimit: Duration
    /// Which addresses may be connected to: everywhere, unless a redirect leads elsewhere.
    var reach = Reach.anywhere
    /// True where sending the request twice could matter.
    var mustNotRepeat: Bool
    /// A PEM file of the only authorities to trust; `nil`: those of the system.
    var certificateAuthority: String?
    /// The report is to say how long the server's certificate holds.
    var asksForCertificate = false
  }

  /// Where an address lies, from the nearest to us to the farthest; as a limit, what is nearer is refused.
  enum Reach: UInt32, Sendable {
    case anywhere = 0
    case notLinkLocal = 1
    case publicOnly = 2
  }

  /// What came of it.
  struct Report: Sendable {
    /// `nil` when a whole response came.
    var trouble: Trouble?
    var response = ResponseBytes()
    /// True when some of the request may have reached the server.
    var mayHaveSent = false
    /// True when no open connection could be used.
    var hasConnected = false
    /// Where a redirect leads, absolute.
    var redirect: String?
    /// Where this came from, if redirects led away from where the request was sent.
    var elsewhere: Origin?
    /// Where the server is.
    var peerReach = Reach.anywhere
    /// When the server's certificate ends, in the words of the TLS library, if it was asked for.
    var certificateEnd: String?
    var times = Times()
  }

  /// Microseconds since the start; 0 for what was not reached.
  struct Times: Sendable {
    var lookUp: Int64 = 0
    var connect: Int64 = 0
    var tls: Int64 = 0
    var firstByte: Int64 = 0
    var total: Int64 = 0
  }

  enum Trouble: Sendable {
    case badURL
    case notFound(String)
    case notConnected(String)
    case tls(String)
    case timedOut
    /// The response began and then stood still.
    case stalled
    case cancelled
    case lost(String)
    case notHTTP(String)
    case other(String)
  }

  /// Where an address lies; `anywhere` for what must not be reached by a redirect at all.
  static func reach(of address: String) -> Reach { Reach(rawValue: ccurl_reach_of(address).rawValue) ?? .anywhere }

  /// The parts of an absolute URL that messages and the pool go by.
  struct Origin: Sendable, Hashable {
    let scheme: String
    let host: String
    let port: String

    /// Read by libcurl's own parser, so that nobody can mean another host than the one that is called.
    init?(of url: String) {
      guard let handle = curl_url() else { return nil }
      defer { curl_url_cleanup(handle) }
      guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_NO_AUTHORITY)) == CURLUE_OK else { return nil }
      func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
      }
      guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST), !host.isEmpty else { return nil }
      self.scheme = scheme.lowercased()
      self.host = host.lowercased()
      port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT) ?? ""
    }

    var isDefaultPort: Bool { port == (scheme == "https" ? "443" : "80") }
  }

  /// A response that begins and then sends nothing for so long is given up.
  private static let stallLimit = Duration.seconds(10)
  private static let connectLimit = Duration.seconds(5)
  /// libcurl must be set up once, before anything else of it is used.
  static let isReady = curl_global_init(Int(CURL_GLOBAL_SSL)) == CURLE_OK

  private let easy: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// `nil` when memory or descriptors are short.
  init?() {
    guard Self.isReady, let easy = curl_easy_init() else { return nil }
    guard let multi = curl_multi_init() else {
      curl_easy_cleanup(easy)
      return nil
    }
    self.easy = easy
    self.multi = multi
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_multi_cleanup(multi)
    errorText.deallocate()
  }

  /// Sends the request and waits for the whole response. Blocks, at most for the time limit.
  func perform(_ order: Order, calledOff: WakeUp) -> Report {
    let receiver = ResponseReceiver()
    var headers: UnsafeMutablePointer<curl_slist>?
    for line in order.headers { headers = curl_slist_append(headers, line) ?? headers }
    // A reset forgets the request, its credentials too, and keeps the connections.
    defer {
      curl_easy_reset(easy)
      curl_slist_free_all(headers)
    }
    errorText.pointee = 0
    guard prepare(order, headers, receiver) else { return Report(trouble: .badURL) }
    guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
      return Report(trouble: .other("libcurl could not start"))
    }
    let trouble = withExtendedLifetime(receiver) { run(until: .now + order.timeLimit, receiver, calledOff) }
    let report = report(trouble, receiver)
    curl_multi_remove_handle(multi, easy)
    return report
  }

  // MARK: Settings

  private func prepare(
    _ order: Order, _ headers: UnsafeMutablePointer<curl_slist>?, _ receiver: ResponseReceiver
  ) -> Bool {
    let protocols = "http,https"
    guard ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK,
      ccurl_set_string(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocols) == CURLE_OK,
      ccurl_set_string(easy, CURLOPT_URL, order.url) == CURLE_OK,
      ccurl_limit_reach(easy, ccurl_reach(order.reach.rawValue)) == CURLE_OK,
      setSafety(), setTrust(order), setMethod(order)
    else { return false }
    _ = ccurl_set_list(easy, CURLOPT_HTTPHEADER, headers)
    _ = ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, Int(order.timeLimit.wholeMilliseconds)))
    let connecting = min(Self.connectLimit, order.timeLimit)
    _ = ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(connecting.wholeMilliseconds)))
    _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
    let context = Unmanaged.passUnretained(receiver).toOpaque()
    _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
    _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
    _ = ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION, Self.takeBody)
    _ = ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION, Self.takeHeader)
    return true
  }

  private func setSafety() -> Bool {
    // Certificates are checked, always. None of these may fail in silence.
    guard ccurl_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1) == CURLE_OK,
      ccurl_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2) == CURLE_OK,
      ccurl_set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) == CURLE_OK,
      // Redirects are followed by `HTTPPerformer`, one request at a time.
      ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0) == CURLE_OK,
      ccurl_set_long(easy, CURLOPT_NETRC, 0) == CURLE_OK,
      // What a request reaches follows from the environment file alone, not from who started andon in which shell.
      ccurl_set_string(easy, CURLOPT_PROXY, "") == CURLE_OK,
      ccurl_set_string(easy, CURLOPT_NOPROXY, "*") == CURLE_OK
    else { return false }
    _ = ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
    // Without it, a name look-up that hangs holds up the clean-up too.
    _ = ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    _ = ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
    return true
  }

  private func setTrust(_ order: Order) -> Bool {
    if order.asksForCertificate { _ = ccurl_set_long(easy, CURLOPT_CERTINFO, 1) }
    guard let authority = order.certificateAuthority else { return true }
    return ccurl_set_string(easy, CURLOPT_CAINFO, authority) == CURLE_OK
      && ccurl_set_string(easy, CURLOPT_CAPATH, nil) == CURLE_OK
  }

  private func setMethod(_ order: Order) -> Bool {
    // On a connection that was used before, libcurl sends a request again by itself, of any method, when the
    // connection breaks before the first byte of the response. On a new one it never does.
    _ = ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, order.mustNotRepeat ? 1 : 0)
    if order.method == "HEAD" { return ccurl_set_long(easy, CURLOPT_NOBODY, 1) == CURLE_OK }
    if order.body != nil || order.method == "POST" {
      let body = order.body ?? []
      guard ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK,
        body.withUnsafeBytes({
          ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(errorText))
        })
          == CURLE_OK
      else { return false }
    }
    return ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, order.method) == CURLE_OK
  }

  // MARK: Running

  private func run(until end: ContinuousClock.Instant, _ receiver: ResponseReceiver, _ calledOff: WakeUp) -> Trouble? {
    var received = 0
    var lastProgress = ContinuousClock.now
    while true {
      var running: Int32 = 0
      let code = curl_multi_perform(multi, &running)
      guard code == CURLM_OK else { return .other(String(cString: curl_multi_strerror(code))) }
      if running == 0 { return trouble(finished()) }
      if let reason = FailPoint.reason(at: "http.while-waiting") { return .lost(reason) }
      let now = ContinuousClock.now
      if calledOff.isGiven { return .cancelled }
      // libcurl has the same limit, and comes first unless it is stuck.
      if now > end + .milliseconds(250) { return .timedOut }
      if receiver.count != received { (received, lastProgress) = (receiver.count, now) }
      if received > 0, now - lastProgress > Self.stallLimit { return .stalled }
      var other = curl_waitfd(fd: calledOff.descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
      curl_multi_poll(multi, &other, calledOff.descriptor < 0 ? 0 : 1, 250, nil)
    }
  }

  private func finished() -> CURLcode {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
    }
    return CURLE_FAILED_INIT
  }

  private func trouble(_ code: CURLcode) -> Trouble? {
    let detail = errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
    switch code {
    case CURLE_OK: return nil
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      return size(CURLINFO_PRETRANSFER_TIME_T) > 0 ? .notHTTP(detail) : .badURL
    case CURLE_COULDNT_RESOLVE_HOST: return .notFound(detail)
    case CURLE_COULDNT_CONNECT: return .notConnected(systemError ?? detail)
    case CURLE_OPERATION_TIMEDOUT: return .timedOut
    case CURLE_WEIRD_SERVER_REPLY: return .notHTTP(detail)
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .lost(detail)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return .tls(detail)
    default: return .other(detail)
    }
  }

  private func report(_ trouble: Trouble?, _ receiver: ResponseReceiver) -> Report {
    let cutShort = Trouble.lost("the server hung up in the middle of the headers")
    var report = Report(trouble: trouble ?? (receiver.isHeadWhole ? nil : cutShort), response: receiver.response)
    report.times = Times(
      lookUp: size(CURLINFO_NAMELOOKUP_TIME_T), connect: size(CURLINFO_CONNECT_TIME_T),
      tls: size(CURLINFO_APPCONNECT_TIME_T), firstByte: size(CURLINFO_STARTTRANSFER_TIME_T),
      total: size(CURLINFO_TOTAL_TIME_T))
    report.mayHaveSent = size(CURLINFO_PRETRANSFER_TIME_T) > 0 || long(CURLINFO_REQUEST_SIZE) > 0
    report.hasConnected = long(CURLINFO_NUM_CONNECTS) > 0
    report.redirect = string(CURLINFO_REDIRECT_URL)
    report.certificateEnd = certificateEnd
    if let address = string(CURLINFO_PRIMARY_IP) {
      report.peerReach = Self.reach(of: address)
    }
    return report
  }

  /// Of the server's own certificate, which is the first of its chain.
  private var certificateEnd: String? {
    var chain: UnsafeMutablePointer<curl_certinfo>?
    guard ccurl_get_certificates(easy, &chain) == CURLE_OK, let chain, chain.pointee.num_of_certs > 0 else {
      return nil
    }
    let label = "Expire date:"
    var line = chain.pointee.certinfo?[0]
    while let entry = line {
      let text = String(cString: entry.pointee.data)
      if text.hasPrefix(label) { return String(text.dropFirst(label.count)) }
      line = entry.pointee.next
    }
    return nil
  }

  private var systemError: String? {
    let code = long(CURLINFO_OS_ERRNO)
    return code == 0 ? nil : String(cString: strerror(Int32(code)))
  }

  private func size(_ info: CURLINFO) -> Int64 {
    var value: curl_off_t = 0
    return ccurl_get_size(easy, info, &value) == CURLE_OK ? Int64(value) : 0
  }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    return ccurl_get_long(easy, info, &value) == CURLE_OK ? value : 0
  }

  private func string(_ info: CURLINFO) -> String? {
    var value: UnsafePointer<CChar>?
    guard ccurl_get_string(easy, info, &value) == CURLE_OK, let value else { return nil }
    return String(cString: value)
  }

  // MARK: Receiving

  private static let takeBody: ccurl_bytes_callback = { bytes, size, count, context in
    ResponseReceiver.lent(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
  }

  private static let takeHeader: ccurl_bytes_callback = { bytes, size, count, context in
    ResponseReceiver.lent(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
  }
}

extension ResponseReceiver {
  /// Only for what `prepare` handed to libcurl, while `perform` keeps it alive.
  fileprivate static func lent(_ context: UnsafeMutableRawPointer?) -> ResponseReceiver {
    guard let context else { return ResponseReceiver() }
    return Unmanaged<ResponseReceiver>.fromOpaque(context).takeUnretainedValue()
  }
}
