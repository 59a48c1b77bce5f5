import IncidentModel
import TestSupport
import Testing

@testable import Playbooks

@Suite("The alert checks are written down")
struct MonitorFileTests {
  private let folder: TemporaryFolder
  private let library: PlaybookLibrary

  init() throws {
    folder = try TemporaryFolder()
    library = PlaybookLibrary(directory: folder.path)
    try folder.write(
      """
      format: 1
      environment: production
      connections:
        database: {postgres: "env:DB"}
        api: {http: "env:API", bearer: "env:TOKEN"}
        chain: {rpc: "env:RPC", limit: "5"}
      """, to: "environments/production.yaml")
    try folder.write(
      "format: 1\nenvironment: staging\nconnections:\n  api: {http: \"env:API\"}\n", to: "environments/staging.yaml")
    try folder.write(
      "format: 1\nid: stop-all\nname: Stop\nsteps: [{id: one, wait: {for: 1s}}]\n", to: "stop-all.yaml")
  }

  /// Reads monitors that have all they need but what is under test.
  private func diagnostics(_ monitors: String) throws -> (marked: MarkedText, found: [Diagnostic]) {
    let marked = MarkedText("format: 1\nmonitors:\n" + monitors)
    try folder.write(marked.text, to: "monitors.yaml")
    return (marked, library.diagnosticsOfMonitors())
  }

  @Test("everything that can be said about a monitor is read, and what is not said has its default")
  func whole() throws {
    try folder.write(
      """
      format: 1
      announce: api
      monitors:
        - id: full
          name: All of it
          http: {connection: api, get: /x}
          every: 30s
          samples: 3
          measure: time.total
          breach: average > 2
          severity: P2
          suggest: stop-all
          environment: production
          cool_down: 2h
          grace: 5s
        - {id: bare, name: B, sql: {connection: database, run: SELECT 1 AS n}, every: 1m, breach: "rows[0].n > 1",
           severity: P1, environment: [production]}
      """, to: "monitors.yaml")
    let file = try library.monitors()
    #expect(file.announce == "api")
    let full = try #require(file.monitors.first)
    #expect(full.every == .seconds(30) && full.samples == 3 && full.severity == .p2 && full.suggest == "stop-all")
    #expect(full.coolDown == .seconds(7200) && full.grace == .seconds(5))
    #expect(full.looks(in: "production") && !full.looks(in: "staging"))
    let bare = try #require(file.monitors.last)
    #expect(bare.onNull == .unknown && bare.coolDown == .seconds(3600) && bare.grace == .seconds(30))
    #expect(bare.samples == 1 && bare.suggest == nil)
  }

  @Test("a monitor needs a question, an interval, a condition and a severity")
  func missing() throws {
    let (marked, found) = try diagnostics("  - ①{id: a, name: A, brach: x, sql: {connection: database, run: SELECT 1}}")
    let said = found.map(\.message)
    #expect(said.contains("a monitor needs the key 'every'") && said.contains("a monitor needs the key 'severity'"))
    #expect(found.contains { $0.hint == "did you mean 'breach'?" }, "\(found.map(\.text))")
    #expect(marked.places["①"]?.line == 3)
  }

  @Test("names that stand for nothing are pointed at, each where it stands")
  func names() throws {
    let (marked, found) = try diagnostics(
      """
        - {id: a, name: A, every: 1m, severity: P1, environment: production,
           sql: {connection: ①databse, run: SELECT 1 AS n}, breach: "②row[0].n > 1", suggest: ③stop-al}
        - {id: b, name: B, every: 1m, severity: P1, environment: ④prodction,
           http: {connection: api, get: /x}, breach: ⑤average > 2}
        - {id: c, name: C, every: 1m, severity: P1, environment: production,
           command: {run: [cast, balance, "${connections.⑥chian.rpc}"]}, breach: number(stdout) > number(connections.chain.⑦lmit)}
      """)
    expectFindings(
      [
        .error(at: "①", "no environment binds a connection 'databse'", hint: "did you mean 'database'?"),
        .error(at: "②", "nothing is named 'row' here", hint: "did you mean 'rows'?"),
        .error(at: "③", "no playbook is named 'stop-al'", hint: "did you mean 'stop-all'?"),
        .error(at: "④", "no environment is named 'prodction'", hint: "did you mean 'production'?"),
        .error(at: "⑤", "nothing is named 'average' here"),
        .error(at: "⑥", "no environment binds a connection 'chian'", hint: "did you mean 'chain'?"),
        .error(at: "⑦", "connection 'chain' of environment 'production' has no 'lmit'"),
      ], marked, found)
  }

  @Test("a monitor only reads, asks one thing, and keeps secrets and values out of command lines and SQL")
  func onlyReads() throws {
    let (marked, found) = try diagnostics(
      """
        - {id: a, name: A, every: 1m, severity: P1, breach: row_count > 0, environment: production,
           sql: {connection: database, run: ①UPDATE t SET a = 1}}
        - {id: b, name: B, every: 1m, severity: P1, breach: row_count > 0, environment: production,
           sql: {connection: database, run: ②SELECT 1; SELECT 2}}
        - {id: c, name: C, every: 1m, severity: P1, breach: status > 0, http: {connection: api, put: ③/x}}
        - {id: d, name: D, every: 1m, severity: P1, breach: exit_code > 0, environment: production,
           command: {run: [curl, ④"${connections.api.bearer}"]}}
        - {id: ⑤a, name: E, every: 1m, severity: P1, breach: status > 0, http: {connection: api, get: /x}}
        - {id: f, name: F, every: 1m, severity: P1, breach: status > 0, ⑥on_null: ok, http: {connection: api, get: /x}}
      """)
    expectFindings(
      [
        .error(at: "①", "'monitor' may only read, but this SQL may change things"),
        .error(at: "②", "2 SQL statements stand here, but a step runs one"),
        .error(at: "③", "'monitor' may only read, but PUT changes things"),
        .error(
          at: "④",
          "'connections.api.bearer' is secret and would stand on the command line, where every user of the machine can "
            + "read it"),
        .error(at: "⑤", "another monitor is named 'a' already"),
        .error(at: "⑥", "'on_null' is about what a database answers, but this monitor asks with 'http'"),
      ], marked, found)
  }

  @Test("a monitor that sees nothing in one of its environments is warned about, not refused")
  func partly() throws {
    let (_, found) = try diagnostics(
      "  - {id: a, name: A, every: 1m, severity: P1, breach: row_count > 0, sql: {connection: database, run: SELECT 1}}"
    )
    #expect(found.map(\.level) == [.warning])
    #expect(found.first?.message.contains("'staging' binds no connection 'database'") == true)
    #expect(try library.monitors().monitors.count == 1)
  }

  @Test("the runbook's four alerts are shipped, and nothing is said against them")
  func shipped() throws {
    let shipped = PlaybookLibrary(directory: Repository.file("playbooks"))
    #expect(shipped.diagnosticsOfMonitors().map(\.text) == [])
    let monitors = try shipped.monitors().monitors
    #expect(monitors.map(\.id) == ["high-risk-orders", "failed-fills", "slow-api", "contract-balance"])
    #expect(monitors.map(\.onNull).prefix(2) == [.unknown, .ok])
  }
}
