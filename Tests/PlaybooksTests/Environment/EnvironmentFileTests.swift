import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("An environment says what the names of connections stand for")
struct EnvironmentFileTests {
  private func read(_ yaml: String, file: String = "production.yaml") -> (EnvironmentFile?, MarkedText, [Diagnostic]) {
    let marked = MarkedText(yaml)
    let (file, diagnostics) = DataFile.load(
      Array(marked.text.utf8), file: file, EnvironmentTable.table, EnvironmentTable.environment)
    return (file, marked, diagnostics)
  }

  @Test("references by variable, file and program; the rest is literal, in the order of the file")
  func references() throws {
    let (file, _, diagnostics) = read(
      """
      format: 1
      environment: production
      production: true
      connections:
        database: {postgres: "env:DATABASE_URL", ca: "file:/etc/ca.pem"}
        api: {http: https://api.example, bearer: "command:[pass, show, 'a b']", token: {command: [pass, show]}}
        chain: {contract: 0x000000000000000000000000000000000000dEaD, rehearse: true, account: }
      sandbox: {port: 0, name: "0", list: [true, no, null]}
      x-note: free
      """)
    let environment = try #require(file)
    #expect(diagnostics == [])
    #expect(environment.production)
    #expect(environment.connections.map(\.name) == ["database", "api", "chain"])
    let api = try #require(environment.connection(named: "api"))
    #expect(api.fields.map(\.name) == ["http", "bearer", "token"])
    #expect(api.field("http") == .literal("https://api.example"))
    #expect(api.field("bearer") == .command(["pass", "show", "a b"]))
    #expect(api.field("token") == .command(["pass", "show"]))
    let database = try #require(environment.connection(named: "database"))
    #expect(database.field("postgres") == .env("DATABASE_URL"))
    #expect(database.field("ca") == .file("/etc/ca.pem"))
    #expect(environment.connection(named: "chain")?.field("rehearse") == .literal("true"))
    #expect(environment.connection(named: "chain")?.field("account") == .literal(""))
    #expect(
      environment.sandbox
        == .map(["port": .number(0), "name": .text("0"), "list": .list([.bool(true), .text("no"), .null])]))
  }

  @Test("a secret may not stand in the file; a database URL may, without its password")
  func literalSecrets() {
    let (_, marked, diagnostics) = read(
      """
      format: 1
      environment: production
      connections:
        database: {postgres: ①"postgres://me:secret@host/db"}
        other: {postgres: "postgres://me@host/db"}
        api: {http: ②"https://me:secret@host", bearer: ③abc, admin_token: ④abc}
        discord: {webhook: ⑤"https://discord.com/api/webhooks/1/x"}
      """)
    expectFindings(
      [
        .error(
          at: "①", "'postgres' is a secret and may not stand in a file",
          hint: "keep it outside and refer to it: postgres: \"env:DATABASE_POSTGRES\""),
        .error(at: "②", "'http' is a secret and may not stand in a file"),
        .error(at: "③", "'bearer' is a secret and may not stand in a file"),
        .error(at: "④", "'admin_token' is a secret and may not stand in a file"),
        .error(at: "⑤", "'webhook' is a secret and may not stand in a file"),
      ], marked, diagnostics)
  }

  @Test("broken references, unknown keys and a wrong name are pointed at")
  func mistakes() {
    let (_, marked, diagnostics) = read(
      """
      format: 1
      environment: ①staging
      ②produciton: true
      connections:
        api: {http: ③"env:A-B", bearer: ④"command:pass"}
        chain: ⑤rpc
      """)
    expectFindings(
      [
        .error(at: "①", "the environment is 'staging', but the file is 'production.yaml'"),
        .error(at: "②", "an environment has no key 'produciton'", hint: "did you mean 'production'?"),
        .error(at: "③", "'env:A-B' is not a reference"), .error(at: "④", "'command:pass' is not a reference"),
        .error(at: "⑤", "'chain' must be a map of names, but is text"),
      ], marked, diagnostics)
  }

  @Test(
    "what is secret is told by the field's name or by where it comes from",
    arguments: [
      ("postgres", true), ("webhook", true), ("bearer", true), ("admin_token", true), ("signing_key", true),
      ("http", false),
      ("rpc", false), ("account", false), ("password_file", false), ("contract", false), ("from_file", true),
    ])
  func secrecy(_ field: String, _ isSecret: Bool) {
    let binding = ConnectionBinding(
      name: "x", fields: [("from_file", .file("/x")), ("http", .env("X"))],
      location: SourceLocation(file: "x", line: 1, column: 1))
    #expect(binding.isSecret(field) == isSecret)
  }
}
