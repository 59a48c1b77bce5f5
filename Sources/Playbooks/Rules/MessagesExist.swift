internal import IncidentModel

/// Messages stand in `templates/`. A missing one is a warning: nothing may keep a kill switch from being pulled.
struct MessagesExist: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    guard let library = report.library else { return }
    for step in report.steps {
      let (name, path): (String, [Spot.PathStep])
      switch step.action {
      case .notify(let action): (name, path) = (action.template, ["notify", "template"])
      case .manual(let action):
        guard let draft = action.draft else { continue }
        (name, path) = (draft, ["manual", "draft"])
      default: continue
      }
      guard !library.hasTemplate(named: name) else { continue }
      report.warning(
        "there is no message 'templates/\(name).md'", at: step.at(path),
        hint: nearMiss(to: name, among: library.templateNames()).map { "did you mean '\($0)'?" } ?? "write it there")
    }
  }
}
