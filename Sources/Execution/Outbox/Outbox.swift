internal import Actions
public import IncidentModel

/// Delivers messages to webhooks. A message that cannot be delivered is never lost: it was queued in the journal
/// first, and stays there until a receipt follows it.
struct Outbox: Sendable {
  let performer: Performer
  let time: TimeSource

  /// Tries until `limit` is over. The fact says what came of it: a receipt, or why not.
  func deliver(_ message: Message, to url: Secret, within limit: Duration) async -> Fact {
    let deadline = time.read().boot + limit.wholeMilliseconds
    var pause = Duration.milliseconds(500)
    var attempt = 1
    while true {
      let remaining = deadline - time.read().boot
      if let reason = FailPoint.reason(at: "outbox.before-post") {
        return .messageFailed(MessageFailure(id: message.id, failure: Failure(.connectFailed, reason), final: false))
      }
      let result = await post(message, to: url, attempt, limit: .milliseconds(max(remaining, 200)))
      if let reason = FailPoint.reason(at: "outbox.after-post") {
        return .messageFailed(MessageFailure(id: message.id, failure: Failure(.connectionLost, reason), final: false))
      }
      let status = result.outputs["status"].flatMap(\.integer)
      guard let failure = result.failure else {
        let remoteID = result.outputs["json"]?["id"]?.displayText
        return .messageSent(MessageReceipt(id: message.id, status: status ?? 0, remoteID: remoteID))
      }
      let wait = retryAfter(result.outputs) ?? pause
      let left = Duration.milliseconds(deadline - time.read().boot)
      // An unknown outcome is never repeated by itself: the message may be there already.
      guard case .failed = result.outcome, isWorthRepeating(failure, status), wait < left, !Task.isCancelled else {
        return .messageFailed(
          MessageFailure(id: message.id, failure: failure, final: !isWorthRepeating(failure, status)))
      }
      try? await Task.sleep(for: wait)
      pause *= 2
      attempt += 1
    }
  }

  private func post(_ message: Message, to url: Secret, _ attempt: Int, limit: Duration) async -> ActionResult {
    let request = HTTPRequest(
      connection: message.connection, base: .hidden(url), method: "POST", query: WebhookFormat(url).query,
      body: .json(WebhookFormat(url).body(message.text)), timeLimit: limit)
    let run = RunID(String(message.id.prefix { $0 != "/" })) ?? RunID(number: 0)
    let mark = AttemptMark(
      run: run, step: StepID(message.id), attempt: attempt, idempotencyKey: String(digest(of: [message.id]).prefix(32)))
    return await performer.perform(.http(request), mark: mark)
  }

  /// 429 and 5xx pass; so may anything below HTTP. A 4xx says that the message or the address is wrong.
  private func isWorthRepeating(_ failure: Failure, _ status: Int?) -> Bool {
    if let status { return status == 429 || status >= 500 }
    return failure.code != .badValue && failure.code != .notConfigured && failure.code != .tlsFailed
  }

  /// What the service asks for, in seconds: as a header, or in the body as Discord gives it.
  private func retryAfter(_ outputs: [String: Value]) -> Duration? {
    let asked = outputs["headers"]?["retry-after"] ?? outputs["json"]?["retry_after"]
    guard let text = asked?.displayText, let seconds = Double(text), (0..<3600).contains(seconds) else { return nil }
    return .milliseconds(Int64(seconds * 1000))
  }
}

/// How a webhook wants its messages. Discord's form unless the host is Slack's.
private struct WebhookFormat {
  let isSlack: Bool

  init(_ url: Secret) { isSlack = url.reveal { $0.contains("hooks.slack.com/") } }

  /// Without `wait`, Discord answers before it knows whether it will keep the message.
  var query: [(name: String, value: String)] { isSlack ? [] : [(name: "wait", value: "true")] }

  func body(_ text: String) -> Value {
    if isSlack { return .map(["text": .text(text)]) }
    // At most 2000 characters, and nobody is pinged by what a value happens to hold.
    let content = text.count <= 2000 ? text : text.prefix(1999) + "…"
    return .map(["content": .text(String(content)), "allowed_mentions": .map(["parse": .list([])])])
  }
}

extension Value {
  var integer: Int? { if case .number(let number) = self { number.integer } else { nil } }
}
