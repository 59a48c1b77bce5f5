internal import IncidentModel

/// The promise that a step can be repeated is worth something only with a check that tells when to stop.
struct IdempotentIsVerified: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps where step.idempotent && step.verify == nil && !step.isGroup && report.isComplete(step) {
      report.error(
        "'idempotent' needs a 'verify'", at: step.at(key: "idempotent"),
        hint: "add the check that tells whether the effect is there")
    }
  }
}
