internal import IncidentModel

/// `$1`…`$n` and the items of `bind` belong together, one to one.
struct PlaceholdersMatchBindings: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for (action, path) in step.statements where !action.statement.holdsTemplate {
        let used = SQLStatement(action.statement).placeholders
        let wanted = Set(1..<(action.bind.count + 1))
        if let extra = used.subtracting(wanted).min() {
          report.error(
            extra == 0 ? "placeholders count from $1" : "nothing is bound to $\(extra)",
            at: step.at(path + ["run"]).pointing(to: "$\(extra)"),
            hint: "'bind' has \(Self.items(action.bind.count)), the statement needs \(used.max() ?? 0)")
        } else if let unused = wanted.subtracting(used).min() {
          report.error(
            "the statement does not use $\(unused)", at: step.at(path + ["bind", .item(unused - 1)]),
            hint: "take this item out, or write $\(unused) where it belongs")
        }
      }
    }
  }

  private static func items(_ count: Int) -> String { count == 1 ? "1 item" : "\(count) items" }
}
