import Engine
import IncidentModel
import Playbooks

/// What message templates can name beside what every expression can.
enum MessageContext {
  static func roots(_ state: RunState, library: PlaybookLibrary, now: Timestamp) -> [String: Value] {
    let steps = state.actingSteps.filter { $0.record.state != .pending }
    let failed = steps.filter { $0.record.isBad }
    return [
      "outcomes": .list(steps.map(outcome)),
      "failed": .list(failed.map(outcome)),
      "contained": .bool(isContained(state)),
      "contacts": .list(contacts(library)),
      "now": .text(now.description),
    ]
  }

  private static func outcome(_ item: (step: Step, record: StepRecord)) -> Value {
    .map([
      "id": .text(item.step.id.rawValue),
      "title": .text(item.record.title ?? item.step.name?.source ?? item.step.id.rawValue),
      "state": .text(item.record.state.rawValue),
      "verification": item.record.verification.map { .text($0.rawValue) } ?? .null,
      "reason": item.record.reason.map(Value.text) ?? .null,
    ])
  }

  /// Every step under the `contain` clock that ran is verified.
  private static func isContained(_ state: RunState) -> Bool {
    let contain = state.allSteps.filter { $0.target == "contain" }.flatMap(\.leaves).map { state.record(of: $0.id) }
    let ran = contain.filter { $0.state != .skipped }
    return !ran.isEmpty && ran.allSatisfy { $0.state == .done && $0.verification == .verified }
  }

  private static func contacts(_ library: PlaybookLibrary) -> [Value] {
    guard let contacts = try? library.contacts() else { return [] }
    return contacts.map { contact in
      .map([
        "role": .text(contact.role), "name": .text(contact.name), "phone": .text(contact.phone),
        "email": .text(contact.email),
      ])
    }
  }
}
