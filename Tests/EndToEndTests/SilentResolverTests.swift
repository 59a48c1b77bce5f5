import Foundation
import IncidentModel
import TestSupport
import Testing

/// `Tests/StandIns/silent-resolver`, in namespaces of its own.
private enum SilentResolver {
  static let prefix = [
    "/usr/bin/unshare", "--user", "--map-root-user", "--mount", "--net",
    Repository.file("Tests/StandIns/silent-resolver"),
  ]
  /// Some machines let nobody make namespaces.
  static let works: Bool = {
    guard let process = try? spawnQuietly(prefix + ["/bin/true"]) else { return false }
    return waitForExit(process) == 0
  }()
  static let absence: Comment =
    "this machine makes no namespaces for us (unshare --user --mount --net), or has no python3"
}

@Suite("A name service that never answers", .alone, .enabled(if: SilentResolver.works, SilentResolver.absence))
struct SilentResolverTests {
  @Test(
    "each kind of step ends within its limit and a second: failed before anything was sent; a command is unknown",
    arguments: ["web", "database", "command"])
  func look(kind: String) async throws {
    let book = try TestPlaybooks(
      connections: """

          api: {http: http://service.example.org}
          shop: {postgres: "env:SHOP_URL"}
        """, variables: ["SHOP_URL": "postgres://app@db.example.org/shop"])
    let action = [
      "web": "http: {connection: api, post: /stop}",
      "database": "sql: {connection: shop, run: UPDATE shop SET open = false, expect: {rows: 1}}",
      "command": "command: {run: [curl, -s, http://service.example.org/]}",
    ]
    try book.add(
      "ask", top: "connections: [api, shop]",
      steps: "- {id: ask, effect: write, timeout: 2s, \(try #require(action[kind]))}")
    let start = ContinuousClock.now
    let program = try RunningProgram(
      SilentResolver.prefix + [AndonProgram.path, "run", "ask", "--auto", "--yes"], environment: book.environment)
    let result = try await program.wait(within: .seconds(40))
    let took = ContinuousClock.now - start
    #expect(result.code == 1, "\(result)")
    // The programs around it start and end too.
    #expect(took >= .seconds(2) && took < .seconds(4.5), "\(took)")
    let record = try await book.record()
    #expect(record.step("ask").state == (kind == "command" ? "unknown" : "failed"), "\(record.json)")
    if kind == "web" { #expect(record.step("ask").reason.contains("nothing was sent"), "\(record.json)") }
  }
}
