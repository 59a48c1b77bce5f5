public import IncidentModel

/// Something that somebody has to do by a certain time.
public struct DueItem: Sendable, Hashable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A playbook with a `schedule`.
    case task
    /// A playbook is to be read through again.
    case review
    /// A kill switch is to be tried.
    case drill
    case postmortem
    case followUp = "follow_up"
  }

  let kind: Kind
  /// The id of the playbook or the incident.
  let subject: String
  /// `weekly task weekly-cleanup`
  let what: String
  /// When it was done last; `nil` for what is done once.
  let last: Timestamp?
  /// `nil` when nobody said, and for what was never done.
  let due: Timestamp?
  /// True when it is due at some time of a day, and late only when that day is over.
  let isDay: Bool
  /// It should have been done since the playbook is there, and never was.
  let isOverdueFromTheStart: Bool
  /// What to type.
  let command: String
  let rhythm: Rhythm?
  /// When it was last heard of: done, recorded or written. Not when anybody asked.
  let stamp: Timestamp
  /// The same for the same duty every time, and different from every other one's.
  let uid: String

  func lateness(at now: Timestamp) -> Duration? {
    guard let due else { return nil }
    let end = isDay ? due + Rhythm.day : due
    return now > end ? now - end : nil
  }

  public func isLate(at now: Timestamp) -> Bool { isOverdueFromTheStart || lateness(at: now) != nil }

  /// `LATE by 3 h`, `in 18 days`, `never done`.
  func standing(at now: Timestamp) -> String {
    if isOverdueFromTheStart { return "LATE, never done" }
    if let lateness = lateness(at: now) { return "LATE by \(lateness.roughText)" }
    guard let due else { return "open" }
    return due > now ? "in \((due - now).roughText)" : "today"
  }

  /// `due 2031-05-14 03:13`, empty where there is no date.
  var dueText: String { due.map { isDay ? "due \($0.calendarDate)" : "due \($0.minuteText)" } ?? "" }
}
