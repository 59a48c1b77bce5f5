internal import IncidentModel

/// A check asks the world and leaves it as it is: it runs again and again, and after a crash.
struct ChecksOnlyRead: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      if let verify = step.verify { check(verify.probe, of: step, under: "verify", report) }
      if case .monitor(let monitor) = step.action { check(monitor.probe, of: step, under: "monitor", report) }
    }
  }

  private func check(_ probe: Check.Probe, of step: Step, under key: String, _ report: RuleReport) {
    switch probe {
    case .sql(let action):
      if action.statement.holdsTemplate || SQLStatement(action.statement).onlyReads { return }
      report.error(
        "'\(key)' may only read, but this SQL may change things", at: step.at(.key(key), "sql", "run"),
        hint: "ask with SELECT, and make the change in a step")
    case .http(let action):
      let method = action.method.rawValue
      switch action.method {
      case .get, .head: break
      // Services that are asked by POST exist: JSON-RPC, GraphQL.
      case .post:
        report.warning(
          "'\(key)' may only read; make sure that this POST does", at: step.at(.key(key), "http", .key(method)))
      case .put, .patch, .delete:
        report.error(
          "'\(key)' may only read, but \(method.uppercased()) changes things",
          at: step.at(.key(key), "http", .key(method)),
          hint: "ask with GET, and make the change in a step")
      }
    case .command, .assert: break
    }
  }
}
