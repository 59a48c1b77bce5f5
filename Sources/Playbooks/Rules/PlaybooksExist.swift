internal import IncidentModel

/// A playbook that another one names must be there before it is needed.
struct PlaybooksExist: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let known = report.library.map { Set($0.ids()) }
    func objection(to id: String) -> (message: String, hint: String?)? {
      guard let known, !known.contains(id) else { return nil }
      return (
        "no playbook is named '\(id)'",
        nearMiss(to: id, among: known).map { "did you mean '\($0)'?" } ?? "'andon playbook list' shows all"
      )
    }
    if let inverse = playbook.inverse, let found = objection(to: inverse) {
      report.warning(found.message, at: playbook.at("inverse"), hint: found.hint)
    }
    for step in report.steps {
      if case .playbook(let action) = step.action {
        if action.id == playbook.id {
          report.error("a playbook cannot run itself", at: step.at("playbook", "id"), hint: "name another one")
        } else if let found = objection(to: action.id) {
          report.error(found.message, at: step.at("playbook", "id"), hint: found.hint)
        }
      }
      if case .playbook(let id)? = step.undo, let found = objection(to: id) {
        report.warning(found.message, at: step.at("undo", "playbook"), hint: found.hint)
      }
    }
  }
}
