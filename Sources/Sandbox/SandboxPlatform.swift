internal import IncidentModel

/// Starts stand-in platforms.
public enum SandboxPlatform {
  /// Starts one, on loopback only, and returns when it answers.
  ///
  /// - Parameters:
  ///   - directory: Where its database goes; made if it is not there.
  ///   - port: 0 takes any free one.
  ///   - fresh: Begins with the rows of the definition, whatever happened before.
  ///   - wish: Which database is behind it.
  ///   - path: Where PostgreSQL's programs are looked for first: `PATH`.
  /// - Throws: `Problem` when the definition does not fit its own tables, the database cannot be opened, or the
  ///   port is taken.
  public static func start(
    _ definition: SandboxDefinition, directory: String, port: Int = 0, fresh: Bool, wish: DatabaseWish = .any,
    path: String? = nil
  ) async throws -> RunningSandbox {
    let ground = try await Ground.prepare(definition, directory: directory, fresh: fresh, wish: wish, path: path)
    let platform = Platform(routes: definition.routes, database: ground.database, token: freshToken())
    do {
      try platform.check()
      let server = try await PlatformServer.start(platform, port: port)
      return RunningSandbox(definition, platform: platform, server: server, ground: ground)
    } catch {
      await ground.clear()
      throw error
    }
  }
}
