internal import IncidentModel

/// A step that runs without a journal may run twice, so both its repetition and its outcome must be known to be good.
struct EmergencyIsSafe: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps where step.emergency && !step.isGroup && report.isComplete(step) {
      if step.verify == nil {
        report.error(
          "'emergency' needs a 'verify'", at: step.at(key: "emergency"),
          hint: "without a journal only the check tells what happened")
      }
      if !step.idempotent, step.effect != .read {
        report.error(
          "'emergency' needs idempotent: true, or effect read", at: step.at(key: "emergency"),
          hint: "without a journal the step may run twice")
      }
    }
  }
}
