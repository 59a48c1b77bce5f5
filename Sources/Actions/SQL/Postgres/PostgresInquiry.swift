internal import IncidentModel

/// How a statement is asked about without doing it, and what the answers mean.
struct PostgresInquiry {
  struct Ask {
    let statement: String
    var parameters: [String?] = []
  }

  struct Reply {
    var refusal: ServerError?
    var rows: [[String?]] = []
  }

  private enum Way {
    case explain
    /// It has no effect, so it is simply done.
    case asIs
    case lookUp(any LookedUpStatement)
    case never(Failure)
    case none(String)
  }

  let question: SQLQuestion
  private let way: Way

  init(_ question: SQLQuestion) {
    self.question = question
    let verb = StatementText.firstWord(of: question.statement)
    way =
      switch verb {
      case "SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE": .explain
      case "SHOW": .asIs
      default: Self.lookingUp(question.statement) ?? .none("\(verb) can only be tried by doing it")
      }
  }

  private static func lookingUp(_ statement: String) -> Way? {
    if let failure = OutsideTransactions.failure(of: statement) { return .never(failure) }
    let found: (any LookedUpStatement)? =
      MaintenanceStatement(statement) ?? ProcedureCall(statement) ?? CreateStatement(statement)
    return found.map(Way.lookUp)
  }

  private static let prefix = "EXPLAIN "

  /// NULL stands for every value: what is asked is whether names, types and rights are there.
  var asks: [Ask] {
    let nulls = [String?](repeating: nil, count: question.bindings)
    switch way {
    case .explain:
      let own = Ask(statement: Self.prefix + question.statement, parameters: nulls)
      return question.isExactlyOnce ? [own, Self.marker, Self.mayCreate] : [own]
    case .asIs: return [Ask(statement: question.statement)]
    case .lookUp(let statement): return [statement.ask]
    case .never, .none: return []
    }
  }

  private static let marker = Ask(statement: prefix + MarkerTable.insertion, parameters: [nil, nil])
  private static let mayCreate = Ask(statement: "SELECT has_schema_privilege(current_schema(), 'CREATE')")

  /// - Parameter replies: one to each of `asks`, in order.
  func answer(_ replies: [Reply], _ failures: PostgresFailures) -> SQLExamination.Answer {
    if case .none(let why) = way { return .untried(why: why) }
    if case .never(let failure) = way { return .fails(failure) }
    guard let first = replies.first else { return .untried(why: "it was not asked") }
    if let refusal = first.refusal { return answer(refusal, failures) }
    if case .lookUp(let statement) = way { return statement.answer(first.rows) }
    guard question.isExactlyOnce, replies.count == 3, let refusal = replies[1].refusal else { return .works }
    let mayCreate = refusal.sqlState == "42P01" && replies[2].rows.first?.first == "t"
    return mayCreate ? .works : .fails(failures.markerTable(refusal))
  }

  private func answer(_ refusal: ServerError, _ failures: PostgresFailures) -> SQLExamination.Answer {
    switch refusal.sqlState {
    case "55P03": return .untried(why: "another session holds a lock on what it names")
    case "57014": return .untried(why: "the server did not plan it within 3 seconds")
    default: break
    }
    var refusal = refusal
    if case .explain = way { refusal.position = refusal.position.map { $0 - Self.prefix.count } }
    let waiting = Waiting(elapsed: .zero, statementLimit: .seconds(3), holder: nil)
    return .fails(failures.refused(refusal, waiting))
  }
}
