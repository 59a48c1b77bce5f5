public import IncidentModel

/// A clock of the runbook, counted from *detected*, and what came of it.
public struct TargetLine: Sendable, Hashable, Codable {
  public enum State: String, Sendable, Codable {
    case met
    case missed
    /// Not judged yet.
    case open
    /// The run ended without reaching it.
    case notReached = "not_reached"
  }

  public let name: String
  public let run: RunID
  public let state: State
  @OrNull public var limitMilliseconds: Int64?
  /// From *detected*; `nil` until judged.
  @OrNull public var elapsedMilliseconds: Int64?
  /// How far over the limit; `nil` unless missed.
  @OrNull public var missedByMilliseconds: Int64?
  @OrNull public var judged: Timestamp?
  @OrNull public var entry: Int64?

  init(name: String, run: RunID, limit: Duration?, judgement: TargetJudgement?, entry: Entry?, isOver: Bool) {
    self.name = name
    self.run = run
    if let judgement {
      state = judgement.met ? .met : .missed
      limitMilliseconds = judgement.limitMilliseconds
      elapsedMilliseconds = judgement.elapsedMilliseconds
      if !judgement.met { missedByMilliseconds = judgement.elapsedMilliseconds - judgement.limitMilliseconds }
      judged = entry?.event.at
      self.entry = entry?.sequence
    } else {
      state = isOver ? .notReached : .open
      limitMilliseconds = limit?.wholeMilliseconds
    }
  }

  var limit: Duration? { limitMilliseconds.map { .milliseconds($0) } }
  var elapsed: Duration? { elapsedMilliseconds.map { .milliseconds($0) } }
  var missedBy: Duration? { missedByMilliseconds.map { .milliseconds($0) } }

  /// `met 01:35`, `MISSED 16:48, by 01:48`, `03:25 left`, `OVERDUE by 00:12`, `not reached`.
  public func verdict(detected: Timestamp, now: Timestamp?) -> String {
    switch state {
    case .met: "met \(elapsed?.spokenText ?? "")"
    case .missed: "MISSED \(elapsed?.spokenText ?? ""), by \(missedBy?.overshootText ?? "")"
    case .notReached: "not reached"
    case .open:
      switch remaining(detected: detected, now: now) {
      case nil: "open"
      case let left? where left < .zero: "OVERDUE by \((.zero - left).overshootText)"
      case let left?: "\(left.clockText) left"
      }
    }
  }

  /// What is left of an open clock, negative when overdue; `nil` for any other and without `now`.
  public func remaining(detected: Timestamp, now: Timestamp?) -> Duration? {
    guard state == .open, let limit, let now else { return nil }
    return limit - max(.zero, now - detected)
  }
}

extension Duration {
  /// As a clock, but never `00:00`: a miss by half a second is a miss.
  var overshootText: String { self < .seconds(1) ? spokenText : clockText }
}
