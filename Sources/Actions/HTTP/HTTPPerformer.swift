public import IncidentModel

/// Sends HTTP requests.
///
/// - A whole response with an accepted status is a success; with any other, a failure.
/// - A request that never left us, because nothing could be connected to, has failed.
/// - A request that left us, in part or whole, and got no whole response, has an unknown outcome.
///
/// Certificates are always checked. There are no cookies, no netrc, no proxy from the environment, and no request
/// other than GET and HEAD is ever sent twice or redirected.
public final class HTTPPerformer: Sendable {
  private static let mostRedirects = 5

  private let agent: String
  private let pool = ConnectionPool()

  public convenience init() { self.init(version: "1") }

  /// `version` is what servers see as `User-Agent: andon/VERSION`.
  public init(version: String) { agent = "andon/\(version)" }

  /// Sends the request and waits for the whole response, at most for its time limit. Never throws.
  /// Cancelling the task ends the waiting at once.
  /// - Parameter redactor: hides secrets from what is shown of an answer in part.
  public func perform(
    _ request: HTTPRequest, mark: AttemptMark, redactor: Redactor = Redactor()
  ) async -> ActionResult {
    if Task.isCancelled { return ActionResult(.failed(Failure(.cancelled, "cancelled before the request was sent"))) }
    let order: HTTPOrder
    do { order = try HTTPOrder(request, mark: mark, agent: agent) } catch { return ActionResult(.failed(error)) }
    let pool = pool
    let report = await onThread { calledOff in
      Self.exchange(order, follow: request.followsRedirects && !order.order.mustNotRepeat, pool, calledOff)
    }
    return HTTPJudgement(request: request, order: order, redactor: redactor).result(report)
  }

  private static func exchange(
    _ first: HTTPOrder, follow: Bool, _ pool: ConnectionPool, _ calledOff: WakeUp
  ) -> CurlTransfer.Report {
    let end = ContinuousClock.now + first.order.timeLimit
    var order = first.order
    var origin = first.origin
    for hop in 0... {
      var report = send(order, to: origin, pool, calledOff)
      if origin != first.origin { report.elsewhere = origin }
      guard follow, hop < mostRedirects, report.trouble == nil, let url = report.redirect,
        let next = CurlTransfer.Origin(of: url), next.scheme == origin.scheme || next.scheme == "https"
      else { return report }
      order.url = url
      order.timeLimit = max(.milliseconds(1), ContinuousClock.now.duration(to: end))
      if next != origin {
        // Another host gets nothing that was meant for the first, and must not lie nearer to us than that one.
        order.headers = ["User-Agent: \(userAgent(in: order.headers))"]
        order.reach = report.peerReach == .publicOnly ? .publicOnly : .notLinkLocal
      }
      origin = next
    }
    return CurlTransfer.Report(trouble: .other("too many redirects"))
  }

  private static func send(
    _ order: CurlTransfer.Order, to origin: CurlTransfer.Origin, _ pool: ConnectionPool, _ calledOff: WakeUp
  ) -> CurlTransfer.Report {
    if let reason = FailPoint.reason(at: "http.before-send") { return CurlTransfer.Report(trouble: .other(reason)) }
    guard let transfer = pool.borrow(for: origin) else {
      return CurlTransfer.Report(trouble: .other("no memory or file descriptors left"))
    }
    var report = transfer.perform(order, calledOff: calledOff)
    pool.giveBack(transfer, for: origin)
    if let reason = FailPoint.reason(at: "http.after-answer") { report.trouble = .lost(reason) }
    return report
  }

  private static func userAgent(in headers: [String]) -> String {
    headers.first { $0.lowercased().hasPrefix("user-agent: ") }.map { String($0.dropFirst("user-agent: ".count)) }
      ?? "andon"
  }
}
