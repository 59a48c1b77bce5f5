internal import Engine
public import IncidentModel

/// Somebody took a role in an incident, was given it, or left it.
public struct RoleLine: Sendable, Hashable, Codable {
  public let role: Role
  /// Empty: nobody has it from then on.
  public let person: String
  public let at: Timestamp
  public let by: String
  @OrNull public var why: String?
  public let entry: Int64

  /// In the order in which they were recorded.
  static func all(in entries: [Entry]) -> [RoleLine] {
    entries.compactMap { entry in
      guard case .roleAssigned(let assignment) = entry.event.fact else { return nil }
      return RoleLine(
        role: assignment.role, person: assignment.person, at: entry.event.at, by: entry.event.actor,
        why: assignment.why, entry: entry.sequence)
    }
  }
}

/// Somebody was to be called.
public struct EscalationLine: Sendable, Hashable, Codable {
  public let contact: String
  public let title: String
  /// The number or address that was shown; empty when there was none.
  public let reach: String
  public let outcome: Escalation.Outcome
  public let at: Timestamp
  public let by: String
  @OrNull public var why: String?
  public let entry: Int64

  /// In the order in which they were recorded.
  static func all(in entries: [Entry]) -> [EscalationLine] {
    entries.compactMap { entry in
      guard case .escalated(let escalation) = entry.event.fact else { return nil }
      return EscalationLine(
        contact: escalation.contact, title: escalation.title, reach: escalation.reach, outcome: escalation.outcome,
        at: entry.event.at, by: entry.event.actor, why: escalation.why, entry: entry.sequence)
    }
  }

  /// `named`, `reached`, `NOT reached`.
  var word: String {
    switch outcome {
    case .named: "named"
    case .reached: "reached"
    case .notReached: "NOT reached"
    }
  }
}

/// Somebody of whom the record of an incident has at least one entry.
public struct ResponderLine: Sendable, Hashable, Codable {
  public let person: String
  /// What they are in the incident now.
  public let roles: [Role]
  public let entries: Int
  public let first: Timestamp
  public let last: Timestamp

  /// Whoever acted, in the order in which they came.
  static func all(in file: IncidentFile) -> [ResponderLine] {
    var order: [String] = []
    var seen: [String: (count: Int, first: Timestamp, last: Timestamp)] = [:]
    for entry in file.entries {
      let (person, at) = (entry.event.actor, entry.event.at)
      if let known = seen[person] {
        seen[person] = (known.count + 1, min(known.first, at), max(known.last, at))
      } else {
        order.append(person)
        seen[person] = (1, at, at)
      }
    }
    return order.compactMap { person in
      seen[person].map { trace in
        let roles = Role.allCases.filter { file.incident.roles[$0] == person }
        return ResponderLine(person: person, roles: roles, entries: trace.count, first: trace.first, last: trace.last)
      }
    }
  }
}
