public import IncidentModel

/// A message of the outbox, for lists.
public struct MessageLine: Sendable, Hashable, Codable {
  public let id: String
  public let connection: String
  public let environment: String
  public let template: String
  public let text: String
  /// `queued`, `sent` or `failed`.
  public let state: String
  public let queued: Timestamp
  @OrNull public var incident: IncidentID?
  @OrNull public var run: RunID?
  @OrNull public var step: String?
  @OrNull public var sent: Timestamp?
  /// What the service answered.
  @OrNull public var status: Int?
  @OrNull public var remoteId: String?
  /// The last attempt that failed, if it was not sent after all.
  @OrNull public var failed: Timestamp?
  @OrNull public var failure: Failure?
  /// True when sending it again cannot help.
  public let isFinal: Bool
  public let entries: [Int64]

  init(_ account: MessageAccount) {
    id = account.message.id
    connection = account.message.connection
    environment = account.message.environment
    template = account.message.template
    text = account.message.text
    state = account.state
    queued = account.queued
    entries = account.entries
    let failure = account.isPending ? account.lastFailure : nil
    isFinal = failure?.failure.final ?? false
    incident = account.incident
    run = account.run
    step = account.step?.rawValue
    sent = account.sent?.at
    status = account.sent?.receipt.status
    remoteId = account.sent?.receipt.remoteID
    failed = failure?.at
    self.failure = failure?.failure.failure
  }

  /// `sent 03:14:02`, `FAILED 03:14:02: …`, `queued 03:14:01, not sent yet`.
  public var verdict: String {
    if let sent { return "sent \(sent.clockTime)" }
    if let failed, let failure { return "FAILED \(failed.clockTime): \(failure.message)" }
    return "queued \(queued.clockTime), not sent yet"
  }
}
