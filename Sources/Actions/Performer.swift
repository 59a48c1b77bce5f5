public import IncidentModel

/// Performs requests of every kind, and keeps what can be reused between them.
public final class Performer: Sendable {
  private let sql: SQLPerformer
  private let http = HTTPPerformer()
  private let command = CommandPerformer()
  private let redactor: Redactor

  /// - Parameter keptSessions: how many sessions of each database are kept for the next statements. A run needs one;
  ///   many questions at a time need more, or each would have to connect anew.
  public init(redactor: Redactor, keptSessions: Int = 1) {
    self.redactor = redactor
    sql = SQLPerformer(keptSessions: keptSessions)
  }

  /// Never throws: every way an action can end is a result.
  /// - Parameter progress: gets the last line of output now and then.
  public func perform(
    _ request: ActionRequest, mark: AttemptMark, progress: @escaping @Sendable (String) -> Void = { _ in }
  ) async -> ActionResult {
    if let reason = FailPoint.reason(at: "effect.before") { return ActionResult(.failed(Failure(.cancelled, reason))) }
    let result =
      switch request {
      case .sql(let request): await sql.perform(request, mark: mark)
      case .http(let request): await http.perform(request, mark: mark, redactor: redactor)
      case .command(let request):
        await command.perform(request, mark: mark, redactor: redactor, progress: progress)
      }
    if let reason = FailPoint.reason(at: "effect.after") {
      return ActionResult(.unknown(.noOutcome, Failure(.connectionLost, reason)))
    }
    return result
  }

  /// Ends what an attempt may have left running, so that a check made afterwards can be believed.
  public func fence(_ request: ActionRequest, mark: AttemptMark, within limit: Duration) async -> FenceOutcome {
    switch request {
    case .sql(let request):
      await sql.fence(database: request.database, connection: request.connection, mark: mark, within: limit)
    case .command: await command.endLeftovers(of: mark)
    case .http: .unconfirmed("an HTTP request that was sent cannot be called back")
    }
  }

  /// Opens a connection that a step is about to need, while something else is being waited for.
  public func prewarm(_ request: ActionRequest) async {
    if case .sql(let request) = request { await prewarm(request.database, connection: request.connection) }
  }

  public func prewarm(_ database: SQLRequest.Database, connection: String) async {
    await sql.prewarm(database: database, connection: connection)
  }

  /// Ends what is called off at once, without the time to end by itself.
  public func hurry() { Impatience.shared.set() }

  public func close() async { await sql.close() }
}
