public import IncidentModel
public import Playbooks

/// Leads through the people to call, one after the other, until somebody is reached. Enter alone records nothing.
public struct EscalationCall {
  private let screen: Screen
  private let keyboard: Keyboard

  public init(screen: Screen, keyboard: Keyboard = Keyboard()) {
    self.screen = screen
    self.keyboard = keyboard
  }

  /// - Parameters:
  ///   - contacts: people, in the order in which they are called.
  ///   - first: the id of the one to begin with; `nil` begins at the top.
  ///   - record: told of each answer before the next one is asked for.
  /// - Returns: true when somebody was reached; false when nobody is left, somebody left, or the input ended.
  public func call(
    _ contacts: [Contact], beginningWith first: String?, record: (Escalation) async throws -> Void
  ) async throws -> Bool {
    let begin = contacts.firstIndex { $0.id == first } ?? 0
    for (place, contact) in contacts.enumerated().dropFirst(begin) {
      guard let outcome = await answer(about: contact, place: "\(place + 1) of \(contacts.count)") else { return false }
      try await record(Escalation(calling: contact, outcome: outcome))
      if outcome == .reached { return true }
    }
    screen.hint("Nobody is left to call.")
    return false
  }

  private func answer(about contact: Contact, place: String) async -> Escalation.Outcome? {
    screen.hint("")
    for line in Paragraph.lines("CALL \(place)  \(Self.line(contact))", width: screen.policy.width, indent: 2) {
      screen.hint(line)
    }
    while true {
      let choices = Paragraph.joined(
        ["[y] reached", "[n] not reached, next one", "[q] leave"], by: "   ", width: screen.policy.width)
      for row in choices { screen.ask(row + "\n") }
      guard let line = await keyboard.answer(to: "call: ", on: screen) else { return nil }
      switch line {
      case "y": return .reached
      case "n": return .notReached
      case "q": return nil
      case "": screen.hint("(Enter alone records nothing)")
      default: screen.hint("'\(line.visible)' is not one of the choices; nothing was recorded.")
      }
    }
  }

  /// `Technical Lead  (ana)  +44 20 7946 0000  ana@example.org`, ready to be shown; says so when nothing tells how to
  /// reach it.
  public static func line(_ contact: Contact) -> String {
    let name = contact.role.isEmpty || contact.name.isEmpty ? [] : ["(\(contact.name))"]
    let reach = contact.reach.isEmpty ? "no number: nobody has written it down yet" : contact.reach
    return ([contact.role.isEmpty ? contact.name : contact.role] + name + [reach]).joined(separator: "  ").visible
  }
}

extension Escalation {
  public init(calling contact: Contact, outcome: Outcome, why: String? = nil) {
    let parts = [contact.role, contact.name].filter { !$0.isEmpty }
    self.init(
      contact: contact.id, title: parts.count == 2 ? "\(parts[0]) (\(parts[1]))" : parts.joined(),
      reach: contact.reach, outcome: outcome, why: why)
  }
}

extension Contact {
  /// Number, address and other ways in one line; empty when nobody has written any down.
  public var reach: String {
    ([phone, email] + other.map(\.value)).filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
