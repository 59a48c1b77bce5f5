internal import IncidentModel

/// What a stand-in stands on: its database, and the server of that where there is one.
struct Ground: Sendable {
  let database: any PlatformDatabase
  /// For people: `PostgreSQL 15, private, port 40123`.
  let text: String
  private let server: PrivateServer?

  /// The database that is wished for. PostgreSQL where it is described and can run; SQLite else, and why.
  static func prepare(
    _ definition: SandboxDefinition, directory: String, fresh: Bool, wish: DatabaseWish, path: String?
  ) async throws(Problem) -> Ground {
    var reason: String?
    if wish == .sqlite { reason = "as \(DatabaseWish.variable) says" }
    if wish != .sqlite, let schema = definition.schemas.postgres {
      switch await server(in: directory, path) {
      case .success(let server): return try await ground(on: server, schema, fresh: fresh)
      case .failure(let problem):
        if wish == .postgres || definition.schemas.sqlite == nil { throw problem }
        reason = problem.message
      }
    }
    guard wish != .postgres, let schema = definition.schemas.sqlite else {
      throw Problem(
        "the sandbox's 'database' names no file for \(wish == .postgres ? "PostgreSQL" : "SQLite")",
        advice: "docs/sandbox.md tells how; \(DatabaseWish.variable)=any takes the one that is there.")
    }
    let database = try SQLiteDatabase(directory: directory, schema: schema, fresh: fresh)
    return Ground(database: database, text: "SQLite" + (reason.map { "; \($0)" } ?? ""), server: nil)
  }

  private static func server(in directory: String, _ path: String?) async -> Result<PrivateServer, Problem> {
    do throws(Problem) { return .success(try await PrivateServer.start(in: directory, path: path)) } catch {
      return .failure(error)
    }
  }

  private static func ground(
    on server: PrivateServer, _ schema: DatabaseSchema, fresh: Bool
  ) async throws(Problem) -> Ground {
    do throws(Problem) {
      let database = try PostgresDatabase(url: server.url, schema: schema, fresh: fresh)
      let text = "PostgreSQL \(database.version), private, port \(server.port)"
      return Ground(database: database, text: text, server: server)
    } catch {
      await server.stop()
      throw error
    }
  }

  /// Closes the database and ends its server, and returns when that is done.
  func clear() async {
    database.close()
    await server?.stop()
  }
}
