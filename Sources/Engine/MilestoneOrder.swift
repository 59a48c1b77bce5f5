public import IncidentModel

/// Two milestones that would stand in the wrong order.
public struct MilestoneDisorder: Sendable, Hashable {
  /// The one that has to come first, and when it was.
  public let first: Milestone
  public let firstReached: Timestamp
  /// The one that would lie before it.
  public let second: Milestone
  public let secondReached: Timestamp
}

extension IncidentState {
  /// What comes before what. Nobody needs to acknowledge before a thing is mitigated: a kill switch may be faster.
  private static let order: [(first: Milestone, second: Milestone)] = [
    (.started, .detected), (.detected, .acknowledged), (.detected, .mitigated), (.detected, .resolved),
    (.mitigated, .resolved), (.acknowledged, .closed), (.resolved, .closed), (.detected, .closed),
  ]

  /// The first pair that would be out of order if these milestones were reached at these moments; `nil` when all is
  /// well. Pairs that `changes` does not touch are not looked at.
  public func disorder(after changes: [Milestone: Timestamp]) -> MilestoneDisorder? {
    func reached(_ milestone: Milestone) -> Timestamp? { changes[milestone] ?? moment(of: milestone) }
    for (first, second) in Self.order where changes[first] != nil || changes[second] != nil {
      guard let early = reached(first), let late = reached(second), late < early else { continue }
      return MilestoneDisorder(first: first, firstReached: early, second: second, secondReached: late)
    }
    return nil
  }
}
