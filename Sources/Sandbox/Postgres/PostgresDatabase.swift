internal import Dispatch
internal import IncidentModel

/// The private PostgreSQL server behind a stand-in.
struct PostgresDatabase: PlatformDatabase {
  let place: DatabasePlace
  /// `15`
  let version: String
  private let session: PostgresSession
  /// One request after the other, each on a thread that may block.
  private let queue = DispatchQueue(label: "sandbox.postgres")

  /// `fresh` makes everything in it anew; so does a schema that is not the one it was made from.
  init(url: String, schema: DatabaseSchema, fresh: Bool) throws(Problem) {
    do {
      session = try PostgresSession(url: url)
      place = .postgres(url: url)
      version = session.serverVersion
      try session.run(script: "SET lock_timeout = '5s'; SET client_min_messages = warning")
      let label = "andon sandbox \(schema.version)"
      let made = try session.rows(of: Self.versionQuery, []).first?["version"]
      if !fresh, made == .text(label) { return }
    } catch {
      throw Problem("The sandbox's PostgreSQL cannot be used: \(error.reason)")
    }
    do { try Self.make(schema, in: session) } catch {
      throw Problem("\(schema.name) cannot be run: \(error.reason)")
    }
  }

  private static let versionQuery = """
    SELECT obj_description(oid, 'pg_namespace') AS version FROM pg_namespace WHERE nspname = 'public'
    """

  /// In one transaction, so that nobody ever sees half a platform.
  private static func make(_ schema: DatabaseSchema, in session: PostgresSession) throws(StatementFailure) {
    try session.run(script: "BEGIN")
    do {
      try session.run(script: dropEverything)
      try session.run(script: schema.sql)
      try session.run(script: "COMMENT ON SCHEMA public IS 'andon sandbox \(schema.version)'; COMMIT")
    } catch {
      try? session.run(script: "ROLLBACK")
      throw error
    }
  }

  private static let dropEverything = """
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
      END LOOP;
    END $$;
    CREATE SCHEMA public;
    """

  func columns(of script: SQLScript) throws(Problem) -> [String] {
    var columns: [String] = []
    do {
      for statement in script.statements {
        columns = try session.columns(of: statement.numbered, parameters: statement.names.count)
      }
    } catch { throw script.misfit(error.reason) }
    try script.checkKeywords()
    return columns
  }

  func transact<Result: Sendable>(
    readOnly: Bool, _ body: @escaping @Sendable (any PlatformTransaction) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { [session] in
        continuation.resume(
          with: Swift.Result {
            try session.run(script: readOnly ? "BEGIN READ ONLY" : "BEGIN")
            do {
              let result = try body(PostgresTransaction(session: session))
              try session.run(script: "COMMIT")
              return result
            } catch {
              try? session.run(script: "ROLLBACK")
              throw error
            }
          })
      }
    }
  }

  /// The session ends with the server.
  func close() {}
}

private struct PostgresTransaction: PlatformTransaction {
  let session: PostgresSession

  func run(_ script: SQLScript, with values: [String: Value]) throws -> [[String: Value]] {
    var rows: [[String: Value]] = []
    for statement in script.statements {
      rows = try session.rows(of: statement.numbered, statement.names.map { (values[$0] ?? .null).parameter })
    }
    return rows
  }
}
