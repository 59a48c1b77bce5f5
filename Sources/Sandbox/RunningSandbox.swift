/// A stand-in platform that answers.
public struct RunningSandbox: Sendable {
  /// `http://127.0.0.1:40123`
  public let url: String
  /// The SQLite file that the answers follow. Other processes may read and change it.
  public let databasePath: String
  /// The environment variables that the environment's connections refer to.
  public let variables: [String: String]
  private let platform: Platform
  private let server: PlatformServer

  init(_ definition: SandboxDefinition, platform: Platform, server: PlatformServer) {
    self.platform = platform
    self.server = server
    url = server.url
    databasePath = platform.database.path
    let places = [("$url", server.url), ("$database", platform.database.path), ("$token", platform.token)]
    variables = definition.variables.mapValues { text in
      places.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
  }

  /// Closes the connections and the database, and returns when that is done.
  public func stop() async {
    await server.stop()
    platform.database.close()
  }
}
