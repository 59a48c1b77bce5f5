internal import IncidentModel

/// What must hold for every monitor: each is checked by the rules for the `monitor` action of a step, which it resembles,
/// and by what is its own.
struct MonitorRules {
  let library: PlaybookLibrary
  let reading: Reading

  private static let shared: [any PlaybookRule] = [
    SQLHasNoTemplate(), SQLIsOneStatement(), PlaceholdersMatchBindings(), ChecksOnlyRead(), ProgramsAreFixed(),
    SecretsStayOffCommandLines(), CommandsEnd(),
  ]

  func check(_ file: MonitorFile) {
    let steps = file.monitors.map(\.asStep)
    let playbook = Playbook(
      id: "monitors", name: "", steps: steps,
      source: PlaybookSource(file: reading.file, text: reading.source.text, digest: ""))
    let report = RuleReport(playbook, reading: reading, library: library, today: nil)
    for rule in Self.shared { rule.check(playbook, report: report) }
    let bindings = MonitorBindings(library)
    checkIDs(steps, report)
    for (monitor, step) in zip(file.monitors, steps) {
      checkPlaces(monitor, step, report)
      MonitorNames(monitor: monitor, bindings: bindings).check(step, report)
    }
    if let name = file.announce, let objection = bindings.objection(to: name, in: []) {
      report.error(objection.message, at: playbook.at("announce"), hint: objection.hint)
    }
  }

  private func checkIDs(_ steps: [Step], _ report: RuleReport) {
    var lines: [StepID: Int] = [:]
    for step in steps {
      if let line = lines[step.id] {
        report.error(
          "another monitor is named '\(step.id)' already", at: step.at("id"),
          hint: "the other one begins on line \(line)")
      } else {
        lines[step.id] = step.location.line
      }
    }
  }

  private func checkPlaces(_ monitor: Monitor, _ step: Step, _ report: RuleReport) {
    let environments = library.environmentNames()
    for (index, name) in monitor.environments.enumerated() where !environments.contains(name) {
      report.error(
        "no environment is named '\(name)'", at: step.at("environment", .item(index)),
        hint: nearMiss(to: name, among: environments).map { "did you mean '\($0)'?" }
          ?? "there are: \(environments.joined(separator: ", "))")
    }
    let playbooks = library.ids()
    for (key, id) in [("suggest", monitor.suggest), ("starts", monitor.starts)] {
      guard let id, !playbooks.contains(id) else { continue }
      report.error(
        "no playbook is named '\(id)'", at: step.at(.key(key)),
        hint: nearMiss(to: id, among: playbooks).map { "did you mean '\($0)'?" } ?? "'andon playbook list' shows all")
    }
  }
}

extension Monitor {
  /// As the rules for steps see it. Its expressions have names of their own and are checked apart.
  fileprivate var asStep: Step {
    let action = MonitorAction(probe: probe, every: every, length: Template(literal: "1s"))
    return Step(id: StepID(id), action: .monitor(action), effect: .read, location: location)
  }
}
