internal import Engine
internal import IncidentModel
internal import Playbooks

/// The people to call, in order. Never empty.
struct EscalationLadder {
  let contacts: [Contact]
  /// The one that was asked for by name.
  private let wanted: Contact?

  /// - Parameters:
  ///   - all: `contacts.yaml`; services are only called by name.
  ///   - name: an id, a role or a name.
  init(_ all: [Contact], to name: String?) throws {
    let wanted = try name.map { try Self.find($0, in: all) }
    contacts = all.filter { !$0.isService || $0 == wanted }
    self.wanted = wanted
    if contacts.isEmpty {
      throw CommandFailure(
        .configuration, "contacts.yaml names nobody to call", advice: "Write down who it is before you need it.")
    }
  }

  /// The one asked for; else the first who was not called yet; else the first of all.
  func next(in incident: IncidentState) -> Contact {
    let called = Set(incident.escalations.map(\.contact))
    return wanted ?? contacts.first { !called.contains($0.id) } ?? contacts[0]
  }

  /// The one who was named last, and of whom nobody has said what came of it.
  func named(in incident: IncidentState) -> Contact? {
    guard wanted == nil, let last = incident.escalations.last, last.outcome == .named else { return wanted }
    return contacts.first { $0.id == last.contact }
  }

  func allCalled(in incident: IncidentState) -> Bool {
    wanted == nil && Set(contacts.map(\.id)).isSubset(of: incident.escalations.map(\.contact))
  }

  private static func find(_ word: String, in contacts: [Contact]) throws -> Contact {
    let wanted = word.lowercased()
    if let found = contacts.first(where: { [$0.id, $0.role, $0.name].map { $0.lowercased() }.contains(wanted) }),
      !wanted.isEmpty
    {
      return found
    }
    let ids = contacts.map(\.id)
    let meant = nearMiss(to: word, among: ids).map { "Did you mean '\($0)'?" }
    throw CommandFailure(
      .usage, "contacts.yaml names nobody '\(word)'", advice: meant ?? "There are: \(ids.joined(separator: ", "))")
  }
}
