internal import IncidentModel

/// A step behind a condition that no run can change is there to be read, not to be done.
struct StepsCanBeReached: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      if let condition = step.when, condition.constant == false {
        warn(condition, "never", "this step is", step.at("when"), report)
      }
      guard case .branch(let condition, _, let otherwise) = step.action, let constant = condition.constant else {
        continue
      }
      if !constant { warn(condition, "never", "what stands under 'then' is", step.at("if", "that"), report) }
      if constant, !otherwise.isEmpty {
        warn(condition, "always", "what stands under 'else' is never", step.at("if", "that"), report)
      }
    }
  }

  private func warn(_ condition: Expression, _ often: String, _ what: String, _ spot: Spot, _ report: RuleReport) {
    let never = often == "never" ? " never" : ""
    report.warning(
      "\(what)\(never) reached: '\(condition.source)' \(often == "never" ? "never holds" : "always holds")", at: spot,
      hint: "compare with a param or with what an earlier step found: params.name, steps.id.row_count")
  }
}

extension Expression {
  /// What it comes to in every run; `nil` when that depends on something.
  fileprivate var constant: Bool? { references.isEmpty ? try? holds(in: Names([:])) : nil }
}
