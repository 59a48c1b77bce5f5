internal import IncidentModel

/// Values reach a database as bind parameters, never as text of a statement.
struct SQLHasNoTemplate: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for (action, path) in step.statements where action.statement.holdsTemplate {
        let used = SQLStatement(action.statement).placeholders.max() ?? 0
        let number = max(used, action.bind.count) + 1
        report.error(
          "a value cannot be written into SQL", at: step.at(path + ["run"]).pointing(to: "${"),
          hint: "write $\(number) there, and under it: bind: [\"\(action.statement.firstTemplate)\"]")
      }
    }
  }
}

extension Step {
  /// The SQL of the action, of the monitor and of the check, and under which keys each stands.
  var statements: [(action: SQLAction, path: [Spot.PathStep])] {
    var found: [(SQLAction, [Spot.PathStep])] = []
    switch action {
    case .sql(let action): found.append((action, ["sql"]))
    case .monitor(let monitor): if case .sql(let action) = monitor.probe { found.append((action, ["monitor", "sql"])) }
    default: break
    }
    if case .sql(let action)? = verify?.probe { found.append((action, ["verify", "sql"])) }
    return found
  }
}

extension String {
  /// The first `${…}` as it stands there.
  var firstTemplate: String {
    guard let start = placeOfTemplate else { return "" }
    let end = self[start...].firstIndex(of: "}").map { index(after: $0) } ?? endIndex
    return String(self[start..<end])
  }
}
