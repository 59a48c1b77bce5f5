internal import IncidentModel

/// An UPDATE or DELETE without WHERE meets every row of the table.
struct ChangesAreLimited: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      guard case .sql(let action) = step.action else { continue }
      let statement = SQLStatement(action.statement)
      guard statement.touchesEveryRow, let verb = statement.words.first else { continue }
      report.warning(
        "this \(verb) has no WHERE: it meets every row of the table", at: step.at("sql", "run"),
        hint: "add WHERE, or say so with WHERE true")
    }
  }
}
