internal import IncidentModel

/// A check that looks again only after its time is over looks once.
struct ChecksHaveTime: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      guard let verify = step.verify, verify.every > verify.within else { continue }
      report.warning(
        "this check looks only once: every \(verify.every.playbookText), within \(verify.within.playbookText)",
        at: step.at("verify", "every"), hint: "make 'within' longer than 'every'")
    }
  }
}
