internal import Foundation
internal import GRDB
internal import Glibc
internal import IncidentModel

/// Compiles statements against an SQLite file that is opened for reading only. Compiling looks up every table and column
/// and runs nothing.
struct SQLiteExamination {
  let database: IncidentModel.SQLRequest.Database
  let path: String
  let connection: String
  let questions: [SQLQuestion]

  func run() -> SQLExamination {
    var examination = SQLExamination()
    guard FileManager.default.fileExists(atPath: path) else {
      examination.failure = failures("").noFile
      return examination
    }
    examination.server = "SQLite"
    if access(path, W_OK) != 0 { examination.refusesChanges = "this user may not write to \(path)" }
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { database in
        for question in questions { examination.answers[question] = answer(question, database) }
      }
    } catch { examination.failure = failures("").refused(error) }
    return examination
  }

  private func answer(_ question: SQLQuestion, _ database: GRDB.Database) -> SQLExamination.Answer {
    do {
      _ = try database.makeStatement(sql: StatementText.withNumberedPlaceholders(question.statement))
      return .works
    } catch { return .fails(failures(question.statement).refused(error)) }
  }

  private func failures(_ statement: String) -> SQLiteFailures {
    SQLiteFailures(
      request: SQLRequest(database: database, connection: connection, statement: statement, readOnly: true),
      path: path)
  }
}
