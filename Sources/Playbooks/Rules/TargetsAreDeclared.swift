internal import IncidentModel

/// `target` names a clock of `targets`.
struct TargetsAreDeclared: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let names = playbook.targets.map(\.name)
    for step in report.steps {
      guard let target = step.target, !names.contains(target) else { continue }
      report.error(
        "no target is named '\(target)'", at: step.at("target"),
        hint: nearMiss(to: target, among: names).map { "did you mean '\($0)'?" }
          ?? "write it into 'targets': \(target): 15m")
    }
  }
}
