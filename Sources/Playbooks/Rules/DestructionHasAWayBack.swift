internal import IncidentModel

/// Whoever destroys something at night wants to read how it is taken back.
struct DestructionHasAWayBack: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    guard playbook.inverse == nil else { return }
    for step in report.steps where step.effect == .destructive && step.undo == nil && !step.isGroup {
      report.warning(
        "this step is destructive and says no way back", at: step.at("effect"),
        hint: "add 'undo' to the step, or 'inverse' to the playbook")
    }
  }
}
