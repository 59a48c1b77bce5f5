import Engine
import Execution
import IncidentModel
import Playbooks

/// What a person can do beside answering: a note, a call, a look at all steps, leave, end.
struct Asides {
  let dialogue: Dialogue

  /// What a letter that every menu has means for the question; `nil`: nothing but what was shown.
  func answer(_ key: String, _ scene: Scene) async -> Answer? {
    switch key {
    case "s": return await dialogue.text("why skip it? ", scene).map { .skip(reason: $0) }
    case "q": return .leave
    case "a": return await dialogue.text("why end the run here? ", scene).map { .stop(reason: $0) }
    default: return await facts(key, scene).map { .record($0) }
    }
  }

  /// What there is to record; `nil`: nothing.
  func facts(_ key: String, _ scene: Scene) async -> [Fact]? {
    switch key {
    case "n", "+":
      guard let text = await dialogue.text("note: ", scene) else { return nil }
      return [.noted(Note(text: text, happened: nil, starred: false))]
    case "e":
      let (_, calls) = await call(nil, scene)
      return calls.isEmpty ? nil : calls.map(Fact.escalated)
    case "d":
      dialogue.show(StepList(scene: scene, style: dialogue.screen.style, width: dialogue.width).all)
      return nil
    default: return nil
    }
  }

  /// Calls one after the other until somebody is reached or nobody is left; with `nil` somebody left before that.
  func call(_ first: String?, _ scene: Scene) async -> (end: Escalation.Outcome?, calls: [Escalation]) {
    let people = ((try? scene.library.contacts()) ?? []).filter { !$0.isService }
    if people.isEmpty {
      dialogue.screen.say("Nobody stands in contacts.yaml.")
      return (nil, [])
    }
    var calls: [Escalation] = []
    let reached = try? await EscalationCall(screen: dialogue.screen, keyboard: dialogue.keyboard).call(
      people, beginningWith: first ?? next(people, scene)
    ) { calls.append($0) }
    if reached == true { return (.reached, calls) }
    return (calls.last?.contact == people.last?.id ? .notReached : nil, calls)
  }

  /// The first who has not been called in this incident.
  func next(_ people: [Contact], _ scene: Scene) -> String? {
    let called = Set(scene.incident?.escalations.map(\.contact) ?? [])
    return people.first { !called.contains($0.id) }?.id
  }

  /// Who to call next, for the menu.
  func callLabel(_ scene: Scene) -> String {
    let people = ((try? scene.library.contacts()) ?? []).filter { !$0.isService }
    guard let id = next(people, scene), let contact = people.first(where: { $0.id == id }) else { return "escalate" }
    return "escalate to \(EscalationCall.line(contact))"
  }
}
