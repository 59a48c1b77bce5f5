internal import IncidentModel

/// `effect: read` lets a step run in a dry run and be repeated: it may not stand on something that changes things.
struct EffectsAreHonest: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps where step.effect == .read && !step.isGroup && report.isComplete(step) {
      switch step.action {
      case .sql(let action) where !SQLStatement(action.statement).onlyReads:
        report.error(
          "this SQL may change things, so its effect is not 'read'", at: step.at("effect"),
          hint: "write effect: write, or take the key out")
      case .http(let action) where [.put, .patch, .delete].contains(action.method):
        report.error(
          "\(action.method.rawValue.uppercased()) changes things, so its effect is not 'read'", at: step.at("effect"),
          hint: "write effect: write, or take the key out")
      case .notify:
        report.error(
          "a message that goes out is not 'read'", at: step.at("effect"), hint: "take the key out")
      default: break
      }
    }
  }
}
