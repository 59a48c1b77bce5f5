internal import Foundation
internal import GRDB
internal import IncidentModel

/// The SQLite file behind a stand-in.
struct SQLiteDatabase: PlatformDatabase {
  private let path: String
  /// Write-ahead logging, so that readers wait for nobody.
  private let pool: DatabasePool

  /// Opens the file, or makes it. `fresh` makes it anew; so does a schema that is not the one it was made from.
  init(directory: String, schema: DatabaseSchema, fresh: Bool) throws(Problem) {
    path = "\(directory)/platform.sqlite"
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      pool = try DatabasePool(path: path, configuration: SQLiteDatabase.configuration)
      try SQLiteDatabase.prepare(pool, schema: schema, fresh: fresh)
    } catch let error as SchemaError {
      throw Problem("\(schema.name) cannot be run: \(error.reason)")
    } catch {
      throw Problem(
        "The sandbox's database \(path) cannot be opened: \(error.shortReason)",
        advice: "See that the folder can be written, or remove the file: everything in it is made up.")
    }
  }

  var place: DatabasePlace { .sqlite(path: path) }

  func transact<Result: Sendable>(
    readOnly: Bool, _ body: @escaping @Sendable (any PlatformTransaction) throws -> Result
  ) async throws -> Result {
    let work: @Sendable (Database) throws -> Result = { try body(SQLiteTransaction(database: $0)) }
    do {
      return readOnly ? try await pool.read(work) : try await pool.write(work)
    } catch let error as DatabaseError {
      throw StatementFailure(isAboutValues: error.resultCode == .SQLITE_CONSTRAINT, reason: error.shortReason)
    }
  }

  func columns(of script: SQLScript) throws(Problem) -> [String] {
    let columns: [String]
    do { columns = try pool.read { try SQLiteTransaction(database: $0).columns(of: script) } } catch {
      throw script.misfit(error.shortReason)
    }
    try script.checkKeywords()
    return columns
  }

  func close() { try? pool.close() }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "sandbox"
    configuration.busyMode = .timeout(5)
    // A stand-in may lose its last moments in a power cut; it may not be slow.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    return configuration
  }

  /// In one transaction, so that nobody ever sees half a platform, and without deleting the file,
  /// which another process may hold open.
  private static func prepare(_ pool: DatabasePool, schema: DatabaseSchema, fresh: Bool) throws {
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try database.inTransaction(.immediate) {
        let made = try Int32.fetchOne(database, sql: "PRAGMA user_version")
        if fresh || made != schema.version {
          try dropEverything(in: database)
          do { try database.execute(sql: schema.sql) } catch { throw SchemaError(reason: error.shortReason) }
          try database.execute(sql: "PRAGMA user_version = \(schema.version)")
        }
        return .commit
      }
      try database.execute(sql: "PRAGMA foreign_keys = ON")
    }
  }

  private static func dropEverything(in database: Database) throws {
    for kind in ["trigger", "view", "table"] {
      let names = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%'", arguments: [kind])
      for name in names { try database.execute(sql: "DROP \(kind) IF EXISTS \(name.quotedDatabaseIdentifier)") }
    }
  }
}

private struct SchemaError: Error {
  let reason: String
}

extension Error {
  /// SQLite's own sentence, without the statement.
  var shortReason: String { (self as? DatabaseError)?.message ?? "\(self)" }
}
