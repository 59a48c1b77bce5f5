import IncidentModel
import Testing

@testable import Actions

let sampleMark = AttemptMark(run: RunID(number: 107), step: "pause-trades", attempt: 1, idempotencyKey: "key-107-pause")

func sampleRequest(
  _ base: String, _ method: String = "GET", _ path: String = "/trades", query: [(name: String, value: String)] = [],
  headers: [(name: String, value: String)] = [], body: HTTPRequest.Body = .none, bearer: Secret? = nil,
  accepted: [Int] = [], follow: Bool = false, within limit: Duration = .seconds(10)
) -> HTTPRequest {
  HTTPRequest(
    connection: "api", base: .open(base), bearer: bearer, method: method, path: path, query: query, headers: headers,
    body: body, acceptedStatuses: accepted, followsRedirects: follow, timeLimit: limit)
}

extension HTTPPerformer {
  func perform(_ request: HTTPRequest) async -> ActionResult { await perform(request, mark: sampleMark) }
}

extension ActionResult {
  var isFailure: Bool { if case .failed = outcome { true } else { false } }

  var unknownReason: UnknownReason? { if case .unknown(let reason, _) = outcome { reason } else { nil } }

  var code: FailureCode? { failure?.code }

  var message: String { failure?.message ?? "" }
}

extension Value {
  var asText: String? { if case .text(let text) = self { text } else { nil } }

  var asInteger: Int? { if case .number(let number) = self { number.integer } else { nil } }
}
