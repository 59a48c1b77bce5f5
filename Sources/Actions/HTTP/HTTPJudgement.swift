import IncidentModel

/// Says what a report means: done, failed, or not known.
struct HTTPJudgement {
  let request: HTTPRequest
  let order: HTTPOrder
  let redactor: Redactor

  func result(_ report: CurlTransfer.Report) -> ActionResult {
    let answer = HTTPAnswer(response: report.response, times: report.times, redactor: redactor)
    guard let trouble = report.trouble else {
      return ActionResult(outcome(answer, report.redirect), outputs: answer.outputs, warnings: answer.warnings)
    }
    if report.mayHaveSent {
      let (reason, failure) = afterSending(trouble)
      // What came of a response is evidence, though it is not the answer.
      let hasStatus = report.response.status != nil
      return ActionResult(
        .unknown(reason, failure), outputs: hasStatus ? answer.outputs : [:],
        warnings: hasStatus ? ["only a part of the response came"] : [])
    }
    return ActionResult(.failed(beforeSending(trouble, report)))
  }

  // MARK: A whole response

  private func outcome(_ answer: HTTPAnswer, _ redirect: String?) -> ActionResult.Outcome {
    let status = answer.response.status ?? 0
    let isAccepted =
      request.acceptedStatuses.isEmpty ? (200...299).contains(status) : request.acceptedStatuses.contains(status)
    if isAccepted { return .succeeded }
    let reason = answer.response.reason
    let accepted =
      request.acceptedStatuses.isEmpty
      ? "" : " (accepted: \(request.acceptedStatuses.map(String.init).joined(separator: ", ")))"
    let excerpt = answer.excerpt
    return .failed(
      Failure(
        .httpStatus,
        "\(order.title) answered \(status)\(reason.isEmpty ? "" : " \(reason)")\(accepted)"
          + (excerpt.isEmpty ? "" : "\n\(excerpt)"),
        advice: advice(for: status, answer.response, redirect)))
  }

  private func advice(for status: Int, _ response: ResponseBytes, _ redirect: String?) -> String? {
    switch status {
    case 300...399:
      let target = redirect.flatMap { CurlTransfer.Origin(of: $0) }.map { " to \($0.scheme)://\($0.host)" } ?? ""
      return order.order.mustNotRepeat
        ? "the redirect\(target) was not followed: only GET and HEAD follow redirects"
        : "the redirect\(target) was not followed; correct the address, or set 'follow: true'"
    case 401, 403: return "check the token of connection '\(request.connection)' and what it may do"
    case 404: return "check the path, and the address of connection '\(request.connection)'"
    case 429:
      return response.headers["retry-after"].map { "the service asks to wait: Retry-After: \($0)" }
        ?? "the service asks to wait before trying again"
    default: return nil
    }
  }

  // MARK: No whole response

  private func beforeSending(_ trouble: CurlTransfer.Trouble, _ report: CurlTransfer.Report) -> Failure {
    let origin = report.elsewhere ?? order.origin
    let place = report.elsewhere.map { "\($0.host), where a redirect leads," } ?? order.place
    let connection = "the address of connection '\(request.connection)'"
    switch trouble {
    case .badURL:
      return Failure(.notConfigured, "\(connection) with the path of this step is not a URL", advice: "correct them")
    case .notFound(let why):
      return Failure(
        .connectFailed, "the host '\(origin.host)' was not found\(detail(why))",
        advice: "check \(connection), and the name service of this machine")
    case .notConnected(let why):
      return Failure(
        .connectFailed, "no connection to \(place)\(detail(why))",
        advice: "check that the service runs, and \(connection)")
    case .tls(let why):
      return Failure(
        .tlsFailed, "no secure connection to \(place)\(detail(why))",
        advice: "check the service's certificate, and \(connection)")
    case .timedOut, .stalled:
      let limit = min(Duration.seconds(5), request.timeLimit).playbookText
      let phase =
        report.times.lookUp == 0
        ? "the name of \(place) was not resolved"
        : origin.scheme == "https" ? "no secure connection to \(place)" : "no connection to \(place)"
      return Failure(
        .timedOut, "\(phase) within \(limit): nothing was sent", advice: "check the network, and that the service runs")
    case .cancelled:
      return Failure(.cancelled, "\(order.title) was cancelled before anything was sent")
    case .lost(let why), .notHTTP(let why), .other(let why):
      return Failure(.httpError, "\(order.title) could not be sent\(detail(why))")
    }
  }

  private func afterSending(_ trouble: CurlTransfer.Trouble) -> (UnknownReason, Failure) {
    let advice = "check whether it took effect before you send it again"
    switch trouble {
    case .timedOut:
      return (
        .timedOut,
        Failure(
          .timedOut, "\(order.title) got no whole answer within \(request.timeLimit.playbookText)", advice: advice)
      )
    case .stalled:
      return (.timedOut, Failure(.timedOut, "the answer to \(order.title) began, and then stood still", advice: advice))
    case .cancelled:
      return (.killed, Failure(.cancelled, "\(order.title) was cancelled after it had been sent", advice: advice))
    case .notHTTP(let why):
      return (
        .connectionLost,
        Failure(.httpError, "what answered \(order.title) does not speak HTTP\(detail(why))", advice: advice)
      )
    case .lost(let why), .tls(let why), .notFound(let why), .notConnected(let why), .other(let why):
      return (
        .connectionLost,
        Failure(
          .connectionLost, "the connection broke before \(order.title) was answered\(detail(why))", advice: advice)
      )
    case .badURL:
      return (.connectionLost, Failure(.httpError, "\(order.title) was not answered", advice: advice))
    }
  }

  /// What the library says, except where it could name an address that is a secret.
  private func detail(_ why: String) -> String {
    if case .hidden = request.base { return "" }
    return why.isEmpty ? "" : ": \(why)"
  }
}
