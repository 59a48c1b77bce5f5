public import IncidentModel

/// How long an incident had one severity, from its opening to the end: when it was resolved, else its last entry.
public struct SeveritySpan: Sendable, Hashable, Codable {
  public let severity: Severity
  public let since: Timestamp
  public let by: String
  public let why: String
  /// By the clock that is never set, where both ends know the same start of the machine. `nil`: it was said after the
  /// incident was resolved, and no time was spent in it.
  @OrNull public var milliseconds: Int64?
  public let entry: Int64

  /// In the order in which they were said.
  static func all(in file: IncidentFile) -> [SeveritySpan] {
    let changes = file.entries.compactMap { entry -> (entry: Entry, severity: Severity, why: String)? in
      switch entry.event.fact {
      case .incidentOpened(let opening): (entry, opening.severity, opening.why)
      case .severityChanged(let change): (entry, change.to, change.why)
      default: nil
      }
    }
    let end = End(file.entries)
    return changes.indices.map { index in
      let (entry, severity, why) = changes[index]
      let next = changes.indices.contains(index + 1) ? changes[index + 1].entry : nil
      return SeveritySpan(
        severity: severity, since: entry.event.at, by: entry.event.actor, why: why,
        milliseconds: end?.milliseconds(from: entry, until: next), entry: entry.sequence)
    }
  }

  /// Where the last severity stops counting.
  private struct End {
    let entry: Entry
    /// How long before it was written down it was over; `nil` when the incident is not resolved.
    let resolvedBefore: Int64?

    init?(_ entries: [Entry]) {
      guard let last = entries.last else { return nil }
      var (entry, before) = (last, Int64?.none)
      for candidate in entries {
        guard case .milestoneReached(let mark) = candidate.event.fact, mark.milestone == .resolved else { continue }
        (entry, before) = (candidate, max(0, (candidate.event.at - mark.reached).wholeMilliseconds))
      }
      (self.entry, resolvedBefore) = (entry, before)
    }

    func milliseconds(from begin: Entry, until next: Entry?) -> Int64? {
      if resolvedBefore != nil, begin.sequence > entry.sequence { return nil }
      if let next, next.sequence <= entry.sequence || resolvedBefore == nil {
        return Elapsed(from: begin.event, to: next.event).milliseconds
      }
      return max(0, Elapsed(from: begin.event, to: entry.event).milliseconds - (resolvedBefore ?? 0))
    }
  }
}
