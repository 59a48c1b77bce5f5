internal import IncidentModel

/// Done means verified: without a check a change ends as *unverified*.
struct ChangesAreVerified: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps where step.effect != .read && step.verify == nil && report.isComplete(step) {
      switch step.action {
      case .sql, .http, .command, .shell:
        report.warning(
          "nothing checks that this change took effect", at: step.at(key: step.action.keyword),
          hint: "add a 'verify'; without one the step ends as unverified")
      default: break
      }
    }
  }
}
