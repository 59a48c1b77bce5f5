internal import IncidentModel

/// Which program runs is for the author to say, not for a value.
struct ProgramsAreFixed: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for (action, path) in step.commands {
        guard let program = action.arguments.first, !program.isLiteral || program.source.isEmpty else { continue }
        report.error(
          program.source.isEmpty ? "a program must be named here" : "the program cannot come from a value",
          at: step.at(path + ["run", 0]), hint: "write its name, such as cast; values follow as arguments")
      }
    }
  }
}

extension Step {
  /// The commands of the action, of the monitor and of the check, and under which keys each stands.
  var commands: [(action: CommandAction, path: [Spot.PathStep])] {
    var found: [(CommandAction, [Spot.PathStep])] = []
    switch action {
    case .command(let action): found.append((action, ["command"]))
    case .monitor(let monitor):
      if case .command(let action) = monitor.probe { found.append((action, ["monitor", "command"])) }
    default: break
    }
    if case .command(let action)? = verify?.probe { found.append((action, ["verify", "command"])) }
    return found
  }
}
