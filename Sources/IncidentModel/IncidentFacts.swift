/// A part that somebody plays in an incident.
public enum Role: String, Sendable, Codable, CaseIterable {
  /// Decides, and hands out work.
  case lead
  /// Writes down what happens.
  case scribe
  /// Talks to users and to everybody outside.
  case communications
}

/// Somebody took a role, was given it, or left it.
public struct RoleAssignment: Sendable, Hashable, Codable {
  public var role: Role
  /// Empty: nobody has it any more.
  public var person: String
  public var why: String?

  public init(role: Role, person: String, why: String? = nil) {
    self.role = role
    self.person = person
    self.why = why
  }
}

/// What the incident is called changed.
public struct IncidentEdit: Sendable, Hashable, Codable {
  public var title: String

  public init(title: String) { self.title = title }
}

/// Somebody was to be called.
public struct Escalation: Sendable, Hashable, Codable {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    /// Named as the one to call; nobody has said what came of it.
    case named
    case reached
    case notReached = "not_reached"
  }

  /// The contact's id in `contacts.yaml`.
  public var contact: String
  /// Role and name, as far as they are known: `Technical Lead`.
  public var title: String
  /// The number or address that was shown; empty when there is none.
  public var reach: String
  public var outcome: Outcome
  public var why: String?

  public init(contact: String, title: String, reach: String, outcome: Outcome, why: String? = nil) {
    self.contact = contact
    self.title = title
    self.reach = reach
    self.outcome = outcome
    self.why = why
  }
}

/// Something to do after the incident. Each change is recorded as a whole under the same number; the last one holds.
public struct FollowUp: Sendable, Hashable, Codable {
  public enum Status: String, Sendable, Codable, CaseIterable {
    case open
    case done
    case dropped
  }

  /// Counts from 1 in its incident.
  public var number: Int
  public var title: String
  /// Empty: nobody has taken it yet.
  public var owner: String
  public var due: Timestamp?
  public var status: Status
  /// What was done, or why it was dropped.
  public var why: String?

  public init(
    number: Int, title: String, owner: String, due: Timestamp?, status: Status = .open, why: String? = nil
  ) {
    self.number = number
    self.title = title
    self.owner = owner
    self.due = due
    self.status = status
    self.why = why
  }
}

/// An entry was put into the body of the report, or taken out of it again.
public struct EntryStar: Sendable, Hashable, Codable {
  /// The entry's number in the journal.
  public var entry: Int64
  public var starred: Bool

  public init(entry: Int64, starred: Bool) {
    self.entry = entry
    self.starred = starred
  }
}
