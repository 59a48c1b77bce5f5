import Foundation
import GRDB
import IncidentModel
import Sandbox

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A folder that goes away with the test.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "andon-sandbox-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

/// A running stand-in on SQLite, the HTTP door to it, and a second connection to its database, as another process has
/// one. PostgreSQL has its own tests, with the built program: `PostgresSandboxTests`.
struct SandboxBench: Sendable {
  struct Reply: Sendable {
    let status: Int
    let json: Value
  }

  let sandbox: RunningSandbox
  let elsewhere: DatabaseQueue
  let path: String

  init(_ sandbox: RunningSandbox) throws {
    guard case .sqlite(let path) = sandbox.database else { throw Problem("not on SQLite: \(sandbox.databaseText)") }
    self.sandbox = sandbox
    self.path = path
    elsewhere = try DatabaseQueue(path: path)
  }

  var token: String { sandbox.variables["ANDON_SANDBOX_TOKEN"] ?? "" }

  /// The `sandbox:` part of the environment file we ship.
  static func shippedDefinition() throws -> SandboxDefinition {
    let file = "\(playbooksFolder)/environments/sandbox.yaml"
    let environment = try value(ofYAML: String(contentsOfFile: file, encoding: .utf8))
    return try SandboxDefinition(environment["sandbox"] ?? .null, baseDirectory: playbooksFolder)
  }

  static func withShipped(_ body: (SandboxBench) async throws -> Void) async throws {
    try await with(shippedDefinition(), body)
  }

  static func with(_ definition: SandboxDefinition, _ body: (SandboxBench) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let sandbox = try await SandboxPlatform.start(definition, directory: folder, fresh: true, wish: .sqlite)
      do {
        try await body(SandboxBench(sandbox))
      } catch {
        await sandbox.stop()
        throw error
      }
      await sandbox.stop()
    }
  }

  func get(_ path: String) async throws -> Reply { try await send("GET", path) }

  /// With the sandbox's token unless told otherwise.
  func post(_ path: String, _ body: String, token: String? = nil) async throws -> Reply {
    try await send("POST", path, body: body, token: token ?? self.token)
  }

  func send(_ method: String, _ path: String, body: String? = nil, token: String? = nil) async throws -> Reply {
    guard let url = URL(string: sandbox.url + path) else { throw Problem("not a URL: \(path)") }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let (data, response) = try await URLSession.shared.data(for: request)
    return Reply(
      status: (response as? HTTPURLResponse)?.statusCode ?? 0, json: data.isEmpty ? .absent : try Value.json(data))
  }

  /// What another process does: changes the database behind the stand-in's back.
  func setTrading(_ enabled: Bool) async throws {
    try await elsewhere.write {
      try $0.execute(
        sql: "UPDATE trades_config SET value = ? WHERE key = 'TRADES_ENABLED'", arguments: [enabled ? "true" : "false"])
    }
  }

  func count(_ table: String) async throws -> Int {
    try await elsewhere.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") ?? -1 }
  }
}
