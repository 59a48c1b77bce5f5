internal import IncidentModel

/// The journal and expressions know steps, prerequisites and params by their names alone.
struct IDsAreUnique: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    var lines: [StepID: Int] = [:]
    for step in report.steps {
      if let line = lines[step.id] {
        report.error(
          "another step is named '\(step.id)' already", at: step.at("id"), hint: "the other one begins on line \(line)")
      } else {
        lines[step.id] = step.location.line
      }
    }
    checkInput(playbook, report)
    checkConnections(playbook, report)
  }

  /// Params and prerequisites are both given by `--var`.
  private func checkInput(_ playbook: Playbook, _ report: RuleReport) {
    var names = Set(playbook.params.map(\.name))
    for (index, prerequisite) in playbook.prerequisites.enumerated()
    where !names.insert(prerequisite.id).inserted {
      report.error(
        "a param or a prerequisite is named '\(prerequisite.id)' already",
        at: playbook.at("prerequisites", .item(index), "id"), hint: "both are given by --var; choose another name")
    }
  }

  private func checkConnections(_ playbook: Playbook, _ report: RuleReport) {
    var names: Set<String> = []
    for (index, name) in playbook.connections.enumerated() where !names.insert(name).inserted {
      report.warning(
        "'\(name)' is listed twice", at: playbook.at("connections", .item(index)), hint: "take one of them out")
    }
  }
}
