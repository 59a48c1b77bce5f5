internal import IncidentModel

/// Only what reads, or what its author promises to be repeatable, is repeated without asking.
struct RetriesAreSafe: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps
    where step.retry != nil && !step.idempotent && step.effect != .read && !step.isGroup && report.isComplete(step) {
      report.error(
        "'retry' could do this twice: its effect is '\(step.effect)' and it is not 'idempotent'",
        at: step.at(key: "retry"), hint: "if repeating it is safe, add idempotent: true and a 'verify'")
    }
  }
}
