internal import Engine
internal import IncidentModel

/// What is said about the milestones of an incident.
enum MilestoneMoment {
  /// What would stand in the wrong order is refused, with the two moments and the way to correct them.
  static func refuseDisorder(of incident: IncidentState, _ changes: [Milestone: Timestamp]) throws {
    guard let wrong = incident.disorder(after: changes) else { return }
    throw CommandFailure(
      .usage,
      "\(incident.id) would be \(wrong.second.rawValue) at \(wrong.secondReached), before it was "
        + "\(wrong.first.rawValue) at \(wrong.firstReached)",
      advice:
        "Nothing was recorded. If the other one is wrong, correct it with: \(correction(wrong, changes, incident))")
  }

  /// `, 01:12 after it was detected`
  static func elapsed(to moment: Timestamp, in incident: IncidentState) -> String {
    incident.moment(of: .detected).map { ", \((moment - $0).clockText) after it was detected" } ?? ""
  }

  /// The command that moves the one of the two that was not just given.
  private static func correction(
    _ wrong: MilestoneDisorder, _ changes: [Milestone: Timestamp], _ incident: IncidentState
  ) -> String {
    let other = changes[wrong.second] == nil ? wrong.second : wrong.first
    return switch other {
    case .started, .detected: "andon incident edit \(incident.id) --\(other.rawValue)-at T"
    case .acknowledged: "andon ack \(incident.id) --at T"
    case .mitigated: "andon mitigate \(incident.id) --at T"
    case .resolved: "andon resolve \(incident.id) --at T"
    case .closed: "andon note \(incident.id) TEXT"
    }
  }
}
