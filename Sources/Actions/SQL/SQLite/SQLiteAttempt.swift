internal import Foundation
internal import GRDB
internal import IncidentModel

/// One attempt at one statement on an SQLite file, on the thread that runs it.
struct SQLiteAttempt {
  let request: IncidentModel.SQLRequest
  let path: String
  let patience: Patience

  private var failures: SQLiteFailures { SQLiteFailures(request: request, path: path) }

  func run() -> ActionResult {
    do {
      let arguments = try SQLiteValues.arguments(request.bindings)
      if StatementText.controlsTransaction(request.statement) { throw failures.transactionControl }
      // SQLite would make an empty file of any mistyped path.
      guard FileManager.default.fileExists(atPath: path) else { throw failures.noFile }
      try patience.check()
      try FailPoint.pass("sqlite.before-open") { Failure(.sqlError, $0) }
      let lockWait = LockWait(limit: request.lockLimit, patience: patience)
      let database = try DatabaseQueue(path: path, configuration: configuration(lockWait))
      return try TimeLimit(patience).interrupting(database) {
        try request.readOnly ? read(database, arguments) : change(database, arguments)
      }
    } catch let error as Failure {
      return ActionResult(.failed(error))
    } catch let end as Patience.End {
      return ActionResult(.failed(failures.stopped(end)))
    } catch {
      if let end = stop { return ActionResult(.failed(failures.stopped(end))) }
      return ActionResult(.failed(failures.refused(error)))
    }
  }

  /// Why the time was up, if it was: SQLite itself only says "interrupted" or "busy".
  private var stop: Patience.End? {
    do throws(Patience.End) { try patience.check() } catch { return error }
    return nil
  }

  private func configuration(_ lockWait: LockWait) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = request.readOnly
    // An interruption may hit the ROLLBACK itself. GRDB would end the process over the open transaction; it ends with
    // the connection, which is ours alone.
    configuration.allowsUnsafeTransactions = true
    configuration.busyMode = .callback { _ in lockWait.goesOn() }
    return configuration
  }
}

// MARK: - Reading and changing

extension SQLiteAttempt {
  private func read(_ database: DatabaseQueue, _ arguments: StatementArguments) throws -> ActionResult {
    try database.read { database in
      let statement = try prepare(database, arguments)
      guard statement.isReadonly else { throw failures.readOnly }
      var collector = RowCollector()
      try collect(statement, into: &collector)
      return judged(collector, count: collector.count)
    }
  }

  private func change(_ database: DatabaseQueue, _ arguments: StatementArguments) throws -> ActionResult {
    try database.inDatabase { database in
      var result = ActionResult(.succeeded)
      try database.inTransaction(.immediate) {
        try FailPoint.pass("sqlite.after-begin") { Failure(.sqlError, $0) }
        if let key = request.exactlyOnceKey, try !MarkerRow(key: key, statement: request.statement).insert(database) {
          result = MarkerTable.alreadyDone(request.expectedRows)
          return .rollback
        }
        try FailPoint.pass("sqlite.after-marker") { Failure(.sqlError, $0) }
        result = try changed(database, arguments)
        try FailPoint.pass("sqlite.after-statement") { Failure(.sqlError, $0) }
        // Whatever was called off in the meantime must not be made to last.
        try patience.check()
        try FailPoint.pass("sqlite.before-commit") { Failure(.sqlError, $0) }
        return result.outcome == .succeeded ? .commit : .rollback
      }
      FailPoint.reach("sqlite.after-commit")
      return result
    }
  }

  private func changed(_ database: Database, _ arguments: StatementArguments) throws -> ActionResult {
    let statement = try prepare(database, arguments)
    let before = database.totalChangesCount
    var collector = RowCollector()
    try collect(statement, into: &collector)
    // The count of changes stays what it was after a statement that changes no rows, such as CREATE TABLE.
    let changes = database.totalChangesCount == before ? 0 : database.changesCount
    var result = judged(collector, count: statement.columnCount > 0 ? collector.count : changes)
    if request.exactlyOnceKey != nil { result.outputs["already"] = .bool(false) }
    return result
  }

  private func judged(_ collector: RowCollector, count: Int) -> ActionResult {
    var outcome = ActionResult.Outcome.succeeded
    if let contract = request.expectedRows, !contract.allows(count) {
      outcome = .failed(
        contract.failure(count: count, readOnly: request.readOnly, connection: request.connection))
    }
    return ActionResult(outcome, outputs: collector.outputs(rowCount: count), warnings: collector.warnings)
  }

  private func prepare(_ database: Database, _ arguments: StatementArguments) throws -> Statement {
    let statement = try database.makeStatement(sql: StatementText.withNumberedPlaceholders(request.statement))
    do { try statement.setArguments(arguments) } catch { throw failures.wrongBindings(error) }
    return statement
  }

  private func collect(_ statement: Statement, into collector: inout RowCollector) throws {
    let rows = try Row.fetchCursor(statement)
    while let row = try rows.next() {
      let members = row.map { (name: $0.0, value: SQLiteValues.value($0.1)) }
      collector.add(size: members.reduce(0) { $0 + $1.name.utf8.count + $1.value.roughSize }, read: { members })
    }
  }
}

extension Value {
  /// Enough to keep the outputs of a query within bounds.
  fileprivate var roughSize: Int { if case .text(let text) = self { text.utf8.count } else { 8 } }
}
