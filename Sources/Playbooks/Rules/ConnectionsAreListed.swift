internal import IncidentModel

/// What a playbook talks to stands at its top, so that one look can tell.
struct ConnectionsAreListed: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    let listed = Set(playbook.connections)
    for step in report.steps {
      for (name, path) in step.connectionNames where !listed.contains(name) {
        report.error(
          "'\(name)' is not in 'connections'", at: step.at(path), hint: hint(for: name, playbook.connections))
      }
    }
  }

  private func hint(for name: String, _ listed: [String]) -> String {
    if let meant = nearMiss(to: name, among: listed) { return "did you mean '\(meant)'?" }
    return "write connections: [\((listed + [name]).joined(separator: ", "))]"
  }
}

extension Step {
  /// Every connection that the action and the check use, and where each is named.
  var connectionNames: [(name: String, path: [Spot.PathStep])] {
    var names: [(String, [Spot.PathStep])] = []
    switch action {
    case .sql(let action): names.append((action.connection, ["sql", "connection"]))
    case .http(let action): names.append((action.connection, ["http", "connection"]))
    case .notify(let action): names.append((action.connection, ["notify", "connection"]))
    case .monitor(let action): if let name = action.probe.connection(under: "monitor") { names.append(name) }
    default: break
    }
    if let name = verify?.probe.connection(under: "verify") { names.append(name) }
    return names
  }
}

extension Check.Probe {
  fileprivate func connection(under key: String) -> (String, [Spot.PathStep])? {
    switch self {
    case .sql(let action): (action.connection, [.key(key), "sql", "connection"])
    case .http(let action): (action.connection, [.key(key), "http", "connection"])
    case .command, .assert: nil
    }
  }
}
