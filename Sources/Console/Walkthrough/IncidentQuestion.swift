import Engine
import Execution
import IncidentModel
import Playbooks

/// The questions about the incident itself: how bad is it, whom to call, which playbook fits.
struct IncidentQuestion {
  let dialogue: Dialogue
  let asides: Asides
  let scene: Scene

  func ask(_ action: IncidentAction) async -> Answer {
    let menu = Menu(items: [
      Menu.Item("r", begin(action), "ask the questions now"), .skip, .noteByPlus, .escalate, .details, .leave, .abort,
    ])
    while true {
      switch await dialogue.choice(menu, scene) {
      case .end: return .leave
      case .key("r"): if let answer = await answer(action) { return answer }
      case .key(let key): if let answer = await asides.answer(key, scene) { return answer }
      case .line: break
      }
    }
  }

  private func begin(_ action: IncidentAction) -> String {
    switch action {
    case .classify: "classify"
    case .escalate: "call"
    case .suggest: "choose"
    case .title, .milestone, .followUp: "go on"
    }
  }

  /// `nil`: no answer was given.
  private func answer(_ action: IncidentAction) async -> Answer? {
    switch action {
    case .classify: return await classify()
    case .escalate(let contact):
      let (end, calls) = await asides.call(contact, scene)
      if calls.isEmpty { return nil }
      // Whoever leaves the list has not been through it: the step stays open.
      guard let end else { return .record(calls.map(Fact.escalated)) }
      let answer = StepAnswer(answer: .text(end == .reached ? "reached" : "not_reached"))
      return .done(answer, also: calls.map(Fact.escalated))
    case .suggest: return await suggest()
    case .title, .milestone, .followUp: return nil
    }
  }

  private func classify() async -> Answer? {
    guard let scale = try? scene.library.severityScale() else {
      dialogue.screen.say("severity.yaml is missing or has mistakes: andon playbook check")
      return nil
    }
    let interview = SeverityInterview(screen: dialogue.screen, keyboard: dialogue.keyboard)
    guard let verdict = await interview.ask(scale) else { return nil }
    return .done(StepAnswer(answer: .text(verdict.severity.rawValue), why: verdict.why), also: [])
  }

  private func suggest() async -> Answer? {
    let choices = PlaybookChoices(scene: scene)
    dialogue.show(choices.lines(width: dialogue.width))
    while true {
      guard let line = await dialogue.line("number or name, 0 for none: ", scene) else { return .leave }
      if line == "0" || line == "none" { return .done(StepAnswer(answer: .text("none")), also: []) }
      if line == "q" { return nil }
      if let id = choices.id(for: line) { return .done(StepAnswer(answer: .text(id)), also: []) }
      dialogue.screen.say(
        line.isEmpty ? "(Enter alone does nothing here; q goes back)" : "There is no such playbook; nothing was done.")
    }
  }
}

/// The playbooks to choose from: those that `severity.yaml` suggests first.
struct PlaybookChoices {
  private let suggested: [Playbook]
  private let others: [Playbook]

  init(scene: Scene) {
    let all = ((try? scene.library.paths()) ?? []).compactMap { PlaybookLoader(library: nil).load(path: $0).playbook }
      .filter { $0.id != scene.state.playbook.id }
    let severity = scene.incident?.severity
    let wanted = severity.flatMap { level in (try? scene.library.severityScale())?[level]?.suggest } ?? []
    suggested = wanted.compactMap { id in all.first { $0.id == id } }
    others = all.filter { !wanted.contains($0.id) }.sorted { $0.id < $1.id }
  }

  func lines(width: Int) -> [String] {
    func rows(_ playbooks: [Playbook], from first: Int) -> [String] {
      playbooks.enumerated().flatMap { offset, playbook in
        let when = playbook.whenToUse.first.map { ": \($0)" } ?? ""
        return Paragraph.lines(
          "  \("\(first + offset)".paddedLeft(to: 2)) \(playbook.id)  \(playbook.name)\(when)".visible, width: width,
          indent: 5)
      }
    }
    let fitting = suggested.isEmpty ? [] : ["Suggested for this severity:"] + rows(suggested, from: 1)
    return fitting + (others.isEmpty ? [] : ["Others:"] + rows(others, from: suggested.count + 1))
  }

  func id(for line: String) -> String? {
    let all = suggested + others
    if let number = Int(line), all.indices.contains(number - 1) { return all[number - 1].id }
    return all.first { $0.id == line }?.id
  }
}
