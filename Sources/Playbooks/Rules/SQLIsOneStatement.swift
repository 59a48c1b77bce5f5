internal import IncidentModel

/// One step, one statement: what follows a `;` would run unseen, and its rows would not be counted.
struct SQLIsOneStatement: PlaybookRule {
  func check(_ playbook: Playbook, report: RuleReport) {
    for step in report.steps {
      for (action, path) in step.statements {
        let statement = SQLStatement(action.statement)
        let spot = step.at(path + ["run"])
        if statement.count == 0 {
          report.error("there is no SQL statement here", at: spot, hint: "write one, such as SELECT 1")
        } else if statement.count > 1 {
          report.error(
            "\(statement.count) SQL statements stand here, but a step runs one", at: spot,
            hint: "give each a step of its own")
        } else if statement.isOpenEnded {
          report.error("a quote or a comment in this SQL does not end", at: spot, hint: "close it")
        } else if let verb = statement.words.first, Self.controlsTransaction(statement.words) {
          report.error(
            "'\(verb)' cannot stand here: each step is a transaction of its own", at: spot.pointing(to: verb),
            hint: "take it out")
        }
      }
    }
  }

  /// A bare PREPARE names a statement; only PREPARE TRANSACTION ends a transaction.
  private static func controlsTransaction(_ words: [String]) -> Bool {
    words.first.map(transactions.contains) == true || words.prefix(2) == ["PREPARE", "TRANSACTION"]
  }

  private static let transactions: Set<String> = [
    "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE",
  ]
}
