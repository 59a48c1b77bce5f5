/// A stand-in platform that answers.
public struct RunningSandbox: Sendable {
  /// `http://127.0.0.1:40123`
  public let url: String
  /// The database that the answers follow. Other processes may read and change it.
  public let database: DatabasePlace
  /// Which database that is, and why no other, for people: `PostgreSQL 15, private, port 40124`.
  public let databaseText: String
  /// The environment variables that the environment's connections refer to.
  public let variables: [String: String]
  private let server: PlatformServer
  private let ground: Ground

  init(_ definition: SandboxDefinition, platform: Platform, server: PlatformServer, ground: Ground) {
    self.server = server
    self.ground = ground
    url = server.url
    database = ground.database.place
    databaseText = ground.text
    variables = definition.variables(
      standingFor: database.variables.merging(["$url": server.url, "$token": platform.token]) { _, new in new })
  }

  /// Closes the connections and the database, and returns when that is done.
  public func stop() async {
    await server.stop()
    await ground.clear()
  }
}
