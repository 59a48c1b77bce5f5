import Foundation
import TestSupport
import Testing

@Suite("libpq and libcurl", .timeLimit(.minutes(5)))
struct ClientLibraryTests {
  @Test(
    "A command that opens no database and asks no service does not wait for their libraries",
    arguments: [["--version"], ["status"], ["playbook", "check"], ["run", "quiet", "--auto"]])
  func notLoaded(_ arguments: [String]) async throws {
    let book = try TestPlaybooks(variables: ["LD_DEBUG": "files"])
    try book.add("quiet", steps: "- {id: one, set: {it: '1'}}")
    let loaded = try await AndonProgram(environment: book.environment).run(arguments).output
    #expect(loaded.contains("libsqlite3"), "the loader did not tell what it loads: \(loaded)")
    for library in ["libpq", "libcurl", "libcrypto"] { #expect(!loaded.contains(library), "\(arguments): \(library)") }
  }

  @Test(
    "Where one is not installed, the step that needs it says so and how to get it, and all others go on",
    .needsCompiler,
    arguments: [
      (library: "libpq.so.5", package: "libpq5", needing: "sql", other: "http"),
      (library: "libcurl.so.4", package: "libcurl4", needing: "http", other: "sql"),
    ])
  func missing(library: String, package: String, needing: String, other: String) async throws {
    let folder = try TemporaryFolder()
    var variables = try Preload("library-stand-in", in: folder).variables
    variables["MISSING_LIBRARY"] = library
    variables["SHOP_URL"] = "postgres://shop:of-horrors@127.0.0.1:9/shop"
    let book = try TestPlaybooks(
      connections: "{shop: {postgres: 'env:SHOP_URL'}, api: {http: 'http://127.0.0.1:9'}}",
      variables: variables)
    try book.add(
      "both", top: "connections: [shop, api]",
      steps: """
        - {id: sql, sql: {connection: shop, run: SELECT 1}}
        - {id: http, http: {connection: api, get: /}}
        - {id: last, set: {it: '1'}}
        """)
    let result = try await book.run("both", "--on-failure", "continue")
    #expect(result.code == 1, "\(result)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains { $0.contains("cannot be used") }, "\(result)")
    #expect(result.output.contains("is called \(package)"), "\(result)")
    let text = try await book.andon("show", "RUN-1", "--step", needing).output
    #expect(text.contains("cannot be used"), "\(text)")
    #expect(try await !book.andon("show", "RUN-1", "--step", other).output.contains("cannot be used"))
    #expect(lines.contains { $0.contains("done") && $0.contains("last") }, "\(result)")
  }
}
