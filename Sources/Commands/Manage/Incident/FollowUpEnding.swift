internal import Engine
internal import IncidentModel

/// A follow-up that is done or dropped.
struct FollowUpEnding {
  /// The incident's id, if it was named, and the follow-up's number.
  let words: [String]
  let status: FollowUp.Status
  let why: String?

  func record(_ assembly: Assembly) throws {
    let (incident, rest) = TypedText.afterIncident(words)
    guard rest.count == 1, let number = Int(rest[0]), number > 0 else {
      throw CommandFailure(
        .usage, "'\(rest.joined(separator: " "))' is not the number of a follow-up",
        advice: "andon incident followup list shows them.")
    }
    let reason = try why.map { try TypedText.line($0, "--why") }
    let atHand = try IncidentAtHand(incident, assembly)
    var said = ""
    let state = try atHand.record { known in
      guard var item = known.followUps.first(where: { $0.number == number }) else {
        throw CommandFailure(
          .usage, "\(known.id) has no follow-up \(number)",
          advice: "andon incident followup list \(known.id) shows them.")
      }
      if item.status == status {
        said = "follow-up \(number) is \(status.rawValue) already; nothing was recorded"
        return []
      }
      (item.status, item.why) = (status, reason)
      said = "follow-up \(number) \(status.rawValue): \(item.title.visible)"
      return [.followUpRecorded(item)]
    }
    try atHand.show(state, "\(state.id) \(said)")
  }
}

/// Until when something is to be done, as people type it.
enum DueDate {
  /// Later dates are typing errors.
  private static let farthest = Duration(playbookText: "3650d") ?? .zero

  /// Reads a time from now (`24h`, `7d`), a day (its end), or a moment in ISO 8601; all in UTC and in the future.
  static func read(_ text: String, now: Timestamp) throws -> Timestamp {
    guard let due = Duration(playbookText: text).map({ now + $0 }) ?? endOfDay(text) ?? Timestamp(text) else {
      throw CommandFailure(
        .usage, "--due '\(text)' is not a time", advice: "Write 24h, 7d, 2031-05-14, or 2031-05-14T09:00:00Z.")
    }
    if due <= now {
      throw CommandFailure(.usage, "--due '\(text)' is not in the future", advice: "It is \(now) now.")
    }
    if due - now > farthest {
      throw CommandFailure(.usage, "--due '\(text)' is more than ten years away", advice: "Name a nearer day.")
    }
    return due
  }

  private static func endOfDay(_ text: String) -> Timestamp? {
    guard let end = Timestamp("\(text)T23:59:59Z"), end.calendarDate == text else { return nil }
    return end
  }
}
