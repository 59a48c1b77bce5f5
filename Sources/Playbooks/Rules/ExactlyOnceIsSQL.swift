internal import IncidentModel

/// A marker row can commit together with an effect only inside the same database.
struct ExactlyOnceIsSQL: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps where step.exactlyOnce && !step.isGroup && report.isComplete(step) {
      guard case .sql(let action) = step.action else {
        report.error(
          "'exactly_once' is for 'sql', not for '\(step.action.keyword)'", at: step.at(key: "exactly_once"),
          hint: "take it out; 'idempotent' with a 'verify' may be what you need")
        continue
      }
      if SQLStatement(action.statement).onlyReads {
        report.error(
          "'exactly_once' is for changes, but this SQL only reads", at: step.at(key: "exactly_once"),
          hint: "take it out")
      }
    }
  }
}
