internal import IncidentModel

/// An UPDATE that matches nothing succeeds in SQL; only a count tells that it did nothing, or too much.
struct ChangesCountRows: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      guard case .sql(let action) = step.action, action.rows == nil, SQLStatement(action.statement).changesRows
      else { continue }
      report.error(
        "a change must say how many rows it changes", at: step.at("sql", "run"),
        hint: "add to 'sql': expect: {rows: 1}, or {min: 1, max: 10}")
    }
  }
}
