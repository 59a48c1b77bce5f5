internal import IncidentModel

/// Starts stand-in platforms.
public enum SandboxPlatform {
  /// Starts one, on loopback only, and returns when it answers.
  ///
  /// - Parameters:
  ///   - directory: Where its database file goes; made if it is not there.
  ///   - port: 0 takes any free one.
  ///   - fresh: Begins with the rows of the definition, whatever happened before.
  /// - Throws: `Problem` when the definition does not fit its own tables, the database cannot be opened, or the
  ///   port is taken.
  public static func start(
    _ definition: SandboxDefinition, directory: String, port: Int = 0, fresh: Bool
  ) async throws -> RunningSandbox {
    let database = try PlatformDatabase(directory: directory, schema: definition.schema, fresh: fresh)
    let platform = Platform(routes: definition.routes, database: database, token: freshToken())
    do {
      try platform.check()
      let server = try await PlatformServer.start(platform, port: port)
      return RunningSandbox(definition, platform: platform, server: server)
    } catch {
      database.close()
      throw error
    }
  }

  /// 128 bits, in hex.
  private static func freshToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
