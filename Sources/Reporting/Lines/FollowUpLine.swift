public import IncidentModel

/// Something to do after an incident, as it stands now.
public struct FollowUpLine: Sendable, Hashable, Codable {
  /// Counts from 1 in its incident.
  public let number: Int
  public let title: String
  /// Empty: nobody has taken it yet.
  public let owner: String
  public let status: FollowUp.Status
  @OrNull public var due: Timestamp?
  /// What was done, or why it was dropped.
  @OrNull public var why: String?

  init(_ followUp: FollowUp) {
    number = followUp.number
    title = followUp.title
    owner = followUp.owner
    status = followUp.status
    due = followUp.due
    why = followUp.why
  }

  /// True when it should have been done by then.
  public func isLate(at now: Timestamp?) -> Bool {
    guard status == .open, let due, let now else { return false }
    return due < now
  }

  /// `open, due 2031-05-15 03:13`, `LATE by 02:00`, `done`.
  func standing(at now: Timestamp?) -> String {
    switch status {
    case .open: due.map { DueText(due: $0, now: now).text } ?? "open"
    case .done, .dropped: status.rawValue
    }
  }

  /// One line for each: number, standing, owner, title.
  static func rows(_ lines: [FollowUpLine], now: Timestamp?) -> [[String]] {
    lines.map { line in
      let owner = line.owner.isEmpty ? "nobody has it" : line.owner
      return [String(line.number), line.standing(at: now), owner, line.title + (line.why.map { " (\($0))" } ?? "")]
    }
  }
}

/// When something is due, measured against a moment where one is given.
struct DueText {
  let due: Timestamp
  let now: Timestamp?

  /// `due 2031-05-15 03:13`, with how long that is away; `LATE by 02:00 (due …)` afterwards.
  var text: String {
    guard let now else { return "due \(due.minuteText)" }
    if due < now { return "LATE by \((now - due).roughText) (due \(due.minuteText))" }
    return "due \(due.minuteText), in \((due - now).roughText)"
  }
}

extension Duration {
  /// `45 s`, `12 min`, `23 h`, `3 days`: as far as a person plans by it.
  var roughText: String {
    let seconds = wholeMilliseconds / 1000
    if seconds < 60 { return "\(max(1, seconds)) s" }
    if seconds < 3600 { return "\(seconds / 60) min" }
    if seconds < 2 * 86_400 { return "\(seconds / 3600) h" }
    return "\(seconds / 86_400) days"
  }
}
