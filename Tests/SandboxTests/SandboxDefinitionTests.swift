import Foundation
import IncidentModel
import Sandbox
import Testing

@Suite("A definition with a mistake is refused, and the mistake named")
struct SandboxDefinitionTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let routes: String
    let says: String
    var testDescription: String { says }
  }

  static let mistakes = [
    Mistake(routes: "- gett: /t", says: "sandbox.routes[0] has the unknown key 'gett'"),
    Mistake(routes: "- {get: /t, post: /t}", says: "sandbox.routes[0] must have exactly one of"),
    Mistake(routes: "- {sql: SELECT 1}", says: "sandbox.routes[0] must have exactly one of"),
    Mistake(routes: "- {get: t}", says: "sandbox.routes[0].get must begin with '/'"),
    Mistake(routes: "- {get: /t, status: 42}", says: "sandbox.routes[0].status must be an HTTP status"),
    Mistake(routes: "- {get: /t, status: ok}", says: "sandbox.routes[0].status must be an HTTP status"),
    Mistake(routes: "- {get: /t, bearer: \"true\"}", says: "sandbox.routes[0].bearer must be true or false"),
    Mistake(routes: "- {post: /t, each: true}", says: "sandbox.routes[0] has 'each' but no 'sql'"),
    Mistake(routes: "- {get: /t, sql: SELECT ? }", says: "sandbox.routes[0].sql has a '?' parameter"),
    Mistake(routes: "- {get: \"/t/{a}\"}\n- {get: \"/t/{b}\"}", says: "sandbox.routes[1] answers GET /t/{b}"),
    Mistake(routes: "- {get: /t, refuse: [{status: 423}]}", says: "sandbox.routes[0].refuse[0] has no 'unless'"),
    Mistake(routes: "- {get: /t, sql: [SELECT 1]}", says: "sandbox.routes[0].sql must be text, but is a list"),
  ]

  @Test("Mistakes in the data", arguments: mistakes)
  func inTheData(_ mistake: Mistake) async throws {
    try await withTemporaryFolder { folder in
      let problem = #expect(throws: Problem.self) {
        _ = try SandboxPlatformTests.definition(in: folder, routes: mistake.routes)
      }
      #expect(problem?.message.hasPrefix(mistake.says) == true, "\(problem?.message ?? "none")")
    }
  }

  static let misfits = [
    Mistake(routes: "- {get: /t, sql: SELECT vv FROM t}", says: "sandbox.routes[0].sql is not valid SQL here: no such"),
    Mistake(routes: "- {get: /t, sql: SELECT v FROM t, json: {v: $w}}", says: "sandbox.routes[0] answers with '$w'"),
    Mistake(routes: "- {post: /t, sql: BEGIN; DELETE FROM t}", says: "sandbox.routes[0].sql may not use BEGIN"),
    Mistake(routes: "- {post: /t, sql: SELECT 1; PRAGMA a = 0}", says: "sandbox.routes[0].sql may not use PRAG"),
    Mistake(
      routes: "- {get: /t, refuse: [{unless: SELEC 1}]}",
      says: "sandbox.routes[0].refuse[0].unless is not valid SQL here"),
  ]

  @Test("Mistakes that only show against the tables, before anything listens", arguments: misfits)
  func againstTheTables(_ mistake: Mistake) async throws {
    try await withTemporaryFolder { folder in
      let definition = try SandboxPlatformTests.definition(in: folder, routes: mistake.routes)
      let problem = await #expect(throws: Problem.self) {
        _ = try await SandboxPlatform.start(definition, directory: folder, fresh: true)
      }
      #expect(problem?.message.hasPrefix(mistake.says) == true, "\(problem?.message ?? "none")")
    }
  }

  @Test("Parameters inside quotes and comments are none")
  func quotedParameters() async throws {
    let routes = """
      - get: /t
        sql: |
          SELECT ':a ? $b' AS "x:y" -- :c ?
          /* :d @e */
      """
    try await withTemporaryFolder { (folder) async throws in
      #expect(try SandboxPlatformTests.definition(in: folder, routes: routes).standsInFor.isEmpty)
    }
  }

  @Test("A schema file that is missing is named with its path, one with an error with SQLite's words")
  func schemaFile() async throws {
    try await withTemporaryFolder { folder in
      let missing = #expect(throws: Problem.self) {
        _ = try SandboxDefinition(
          .map(["database": .text("sandbox/none.sql"), "routes": .list([])]), baseDirectory: folder)
      }
      #expect(missing?.message.contains("\(folder)/sandbox/none.sql") == true)

      let definition = try SandboxPlatformTests.definition(
        in: folder, schema: "CREATE TABEL t (id)", routes: "- get: /t")
      let broken = await #expect(throws: Problem.self) {
        _ = try await SandboxPlatform.start(definition, directory: folder, fresh: true)
      }
      #expect(broken?.message.hasPrefix("schema.sql cannot be run: near \"TABEL\"") == true)
    }
  }

  @Test("What it stands in for is said in the file's words")
  func standsInFor() throws {
    let words = try SandboxBench.shippedDefinition().standsInFor
    #expect(words.count == 4)
    #expect(words.contains { $0.contains("PostgreSQL") && $0.contains("SQLite") })
  }
}
