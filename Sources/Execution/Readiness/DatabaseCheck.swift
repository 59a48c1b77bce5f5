internal import Actions
internal import IncidentModel

/// Would every statement that the playbooks make on a database work, with the schema it has and the rights of its user?
struct DatabaseCheck {
  private static let limit = Duration.seconds(10)

  private let check: ConnectionCheck
  private let statements: [Needs.Statement]

  init(_ check: ConnectionCheck) {
    self.check = check
    statements = check.needs.statements.filter { $0.connection == check.name }
  }

  func findings() async -> [ReadinessFinding] {
    let examination: SQLExamination
    do throws(Failure) {
      var seen: Set<SQLQuestion> = []
      examination = await SQLExaminer().examine(
        try await check.connections.database(check.name), connection: check.name,
        questions: statements.map(\.question).filter { seen.insert($0).inserted }, within: Self.limit)
    } catch { return [ReadinessFinding(.fail, .connection, error)] }
    var findings = examination.warnings.map {
      ReadinessFinding(.warn, .connection, $0, advice: "change sslmode in the URL")
    }
    if let failure = examination.failure {
      let users = check.needs.users[check.name] ?? []
      return findings + [ReadinessFinding(.fail, .connection, needed(failure, by: users))]
    }
    findings += check.clock(examination.clock)
    if let why = examination.refusesChanges, statements.contains(where: \.question.changes) {
      findings.append(
        ReadinessFinding(
          .fail, .connection, "'\(check.name)' takes no changes: \(why)",
          advice: "bind the connection to the server and the user that take changes"))
    }
    let verdicts = statements.compactMap { verdict($0, examination.answers[$0.question]) }
    let good = statements.count - verdicts.count
    let count = "\(good) of \(statements.count) statements"
    findings += RowSecurityCheck(examination: examination, statements: statements).findings
    if examination.serverVersion > 0 {
      findings += await DumpCheck(check: check, server: examination.serverVersion / 10_000).findings()
    }
    return findings + verdicts + [ReadinessFinding(.ok, .connection, "\(examination.server); \(count) would work")]
  }

  private func needed(_ failure: Failure, by users: [String]) -> Failure {
    var failure = failure
    let first = failure.message.lines.joined(separator: "; ")
    if !users.isEmpty { failure.message = "\(first); needed by \(users.joined(separator: ", "))" }
    return failure
  }

  /// `nil`: it would work.
  private func verdict(_ statement: Needs.Statement, _ answer: SQLExamination.Answer?) -> ReadinessFinding? {
    let what = statement.isCheck ? "its check: " : ""
    let finding: ReadinessFinding
    switch answer {
    case .works: return nil
    case .fails(let failure):
      finding = ReadinessFinding(.fail, .step, what + failure.message, advice: failure.advice)
    case .untried(let why): finding = ReadinessFinding(.note, .step, "\(what)not tried: \(why)", advice: Self.rehearse)
    case nil: finding = ReadinessFinding(.note, .step, "\(what)not tried", advice: Self.rehearse)
    }
    return finding.about(playbooks: [statement.playbook], step: statement.step)
  }

  private static let rehearse = "try it where nothing can break, with --env"
}
