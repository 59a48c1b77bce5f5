internal import Actions
import IncidentModel
import Playbooks

/// What a person is asked, and what is recorded about the incident.
extension StepPreparer {
  func question(for step: Step, names: Names) async throws(Failure) -> StepQuestion {
    switch step.action {
    case .manual(let action): return try await question(for: step, action, names)
    case .incident(.classify): return try await question(for: step, "How bad is it?", kind: "severity", names)
    case .incident(.escalate(let contact)):
      return try await question(for: step, "Call \(contact ?? "who comes next").", kind: "escalation", names)
    case .incident(.suggest): return try await question(for: step, "Which playbook fits?", kind: "playbook", names)
    default: throw Failure(.badValue, "'\(step.action.keyword)' asks nothing")
    }
  }

  private func question(
    for step: Step, _ fallback: String, kind: String, _ names: Names
  ) async throws(Failure) -> StepQuestion {
    let expressions = (step.name?.expressions ?? []) + (step.description?.expressions ?? [])
    let builder = RequestBuilder(connections: connections, names: names)
    let scope = try await builder.scope(for: expressions)
    var ask = fallback
    if let description = step.description { ask = try builder.text(description, "description", scope) }
    return StepQuestion(
      title: try await title(of: step, builder), ask: ask, checklist: [], draft: nil, link: nil, answerType: kind)
  }

  private func question(for step: Step, _ action: ManualAction, _ names: Names) async throws(Failure) -> StepQuestion {
    var expressions = action.ask.expressions + action.checklist.flatMap(\.expressions)
    expressions += (step.name?.expressions ?? []) + (action.link?.expressions ?? [])
    let builder = RequestBuilder(connections: connections, names: names)
    let scope = try await builder.scope(for: expressions)
    var checklist: [String] = []
    for item in action.checklist { checklist.append(try builder.text(item, "checklist", scope)) }
    let draft = try action.draft.map { name throws(Failure) in try messages.text(template: name, names: names) }
    let link = try action.link.map { link throws(Failure) in
      try builder.link(link, scope.adding(["draft": .text(draft ?? "")]))
    }
    return StepQuestion(
      title: try await title(of: step, builder), ask: try builder.text(action.ask, "ask", scope),
      checklist: checklist, draft: draft, link: link,
      answerType: action.answer?.rawValue ?? "confirm")
  }

  /// What is going to be recorded, and the line that says it.
  func incidentNote(
    _ action: IncidentAction, _ builder: RequestBuilder
  ) async throws(Failure) -> (note: IncidentNote, line: String) {
    switch action {
    case .title(let template):
      let title = try builder.text(template, "title", try await builder.scope(for: template.expressions))
      return (.title(title), "call the incident: \(title)")
    case .milestone(let milestone): return (.milestone(milestone), "record the milestone: \(milestone.rawValue)")
    case .followUp(let title, let owner, let due):
      let scope = try await builder.scope(for: title.expressions + (owner?.expressions ?? []))
      let text = try builder.text(title, "title", scope)
      let person = try owner.map { owner throws(Failure) in try builder.text(owner, "owner", scope) } ?? ""
      let limit = due.map { ", due \($0.playbookText) after detection" } ?? ""
      return (.followUp(title: text, owner: person, due: due), "to do afterwards: \(text)\(limit)")
    case .classify, .escalate, .suggest: throw Failure(.badValue, "a person has to answer this first")
    }
  }
}
