public import IncidentModel

/// Finds out whether an address answers and how long its certificate holds, with one GET that carries no token.
public struct HTTPExaminer: Sendable {
  public init() {}

  /// Never throws: what cannot be found out is said in the examination.
  public func examine(
    _ base: HTTPRequest.Base, certificateAuthority: String?, connection: String, within limit: Duration
  ) async -> HTTPExamination {
    let request = HTTPRequest(
      connection: connection, base: base, method: "GET", timeLimit: limit, certificateAuthority: certificateAuthority)
    let mark = AttemptMark(run: RunID(number: 0), step: "doctor", attempt: 1, idempotencyKey: "")
    var order: HTTPOrder
    do { order = try HTTPOrder(request, mark: mark, agent: "andon/doctor") } catch {
      return HTTPExamination(failure: error)
    }
    order.order.asksForCertificate = true
    guard let transfer = CurlTransfer() else {
      return HTTPExamination(failure: Failure(.httpError, "no memory or file descriptors left"))
    }
    let time = TimeSource.system
    let asked = time.read().wall
    let report = await onThread { [order] calledOff in transfer.perform(order.order, calledOff: calledOff) }
    let answered = time.read().wall
    guard report.trouble == nil else {
      var failure = HTTPJudgement(request: request, order: order, redactor: Redactor()).result(report).failure
      // Nothing was asked for that could have taken effect.
      if report.mayHaveSent { failure?.advice = "see what the service does: it takes connections and does not answer" }
      return HTTPExamination(failure: failure ?? Failure(.httpError, "\(order.title) was not answered"))
    }
    return HTTPExamination(
      status: report.response.status ?? 0, certificateEnd: report.certificateEnd.flatMap(ServerDate.ofCertificate),
      clock: clock(report.response, asked: asked, answered: answered))
  }

  /// An answer that a cache kept for a while tells an old time.
  private func clock(_ response: ResponseBytes, asked: Timestamp, answered: Timestamp) -> ClockSample? {
    guard let said = response.headers["date"].flatMap(ServerDate.ofHeader), (response.headers["age"] ?? "0") == "0"
    else { return nil }
    return ClockSample(asked: asked, answered: answered, said: said...(said + .milliseconds(999)))
  }
}

/// What was found out about an address.
public struct HTTPExamination: Sendable {
  /// Why there was no answer; `nil` when there was one, whatever its status.
  public var failure: Failure?
  public var status = 0
  /// When the server's certificate stops being valid; `nil` without one.
  public var certificateEnd: Timestamp?
  public var clock: ClockSample?
}
