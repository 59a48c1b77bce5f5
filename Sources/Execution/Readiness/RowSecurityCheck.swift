internal import Actions
internal import IncidentModel

/// Where policies decide which rows a user sees, a statement works and tells nothing of the rows that it passed over.
struct RowSecurityCheck {
  let examination: SQLExamination
  let statements: [Needs.Statement]

  var findings: [ReadinessFinding] {
    var users: [String: [Needs.Statement]] = [:]
    for statement in statements {
      for table in examination.guardedTables[statement.question] ?? [] { users[table, default: []].append(statement) }
    }
    return users.sorted { $0.key < $1.key }.map { table, statements in
      let reads = statements.allSatisfy { !$0.question.changes }
      let harm = reads ? "see fewer rows" : "see fewer rows, or change none of those that they mean,"
      return ReadinessFinding(
        .warn, .step,
        "row security is on for '\(table)' and its policies apply to user '\(examination.user)': steps could silently "
          + "\(harm) without an error",
        advice: "use a user whom they do not apply to, or see that they show it every row (pg_policies)"
      ).about(
        playbooks: statements.map(\.playbook).unique,
        step: Set(statements.map(\.step)).count == 1 ? statements[0].step : nil)
    }
  }
}
