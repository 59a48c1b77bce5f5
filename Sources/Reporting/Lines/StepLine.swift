internal import Engine
public import IncidentModel

/// One step of a run, for lists.
public struct StepLine: Sendable, Hashable, Codable {
  public let id: String
  /// Counts from 1 over the steps that act.
  public let number: Int
  public let section: String
  public let title: String
  public let action: String
  public let effect: Effect
  public let state: StepState
  @OrNull public var verification: Verification?
  @OrNull public var reason: String?
  public let attempts: Int
  @OrNull public var started: Timestamp?
  @OrNull public var ended: Timestamp?
  @OrNull public var milliseconds: Int64?
  /// The numbers of the journal entries about it: its evidence.
  public let entries: [Int64]

  init(_ account: StepAccount) {
    let record = account.record
    id = account.id.rawValue
    number = account.number
    section = account.section
    title = account.title
    action = account.action
    effect = account.effect
    state = record.state
    attempts = record.attempts
    entries = account.entries.map(\.sequence)
    verification = record.verification
    reason = record.reason
    started = record.started
    ended = record.ended
    milliseconds = account.elapsed?.milliseconds
  }
}

extension StepAccount {
  /// How it stands, in one word. Only what a check has proved is `ok`.
  public var word: String {
    if rollback != nil { return "rolled back" }
    return switch record.state {
    case .pending: runIsOver ? "not run" : "pending"
    case .running: "running"
    case .waiting: "waiting"
    case .done: record.verification == .verified ? "ok" : "done"
    case .failed: "FAILED"
    case .unknown: "UNKNOWN"
    case .skipped: "skipped"
    case .cancelled: "cancelled"
    }
  }

  /// `verified`, `unverified (no check)`, or why it is not done. Empty while there is nothing to say.
  public var explanation: String {
    let reason = record.reason?.reasonInWords
    if let rollback { return "taken back by \(rollback.by)" }
    switch (record.state, record.verification) {
    case (.done, .verified?): return reason.map { "verified (\($0))" } ?? "verified"
    case (.done, _): return "unverified\(reason.map { " (\($0))" } ?? "")"
    case (.waiting, _): return record.question?.ask ?? ""
    default: return reason ?? ""
    }
  }
}
