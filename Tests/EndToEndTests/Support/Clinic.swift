import Foundation
import IncidentModel
import TestSupport
import Testing

/// A platform that is well, and two playbooks that need all of it: what `andon doctor` is tried on.
struct Clinic {
  let database: ScratchDatabase
  let api: TradesAPI
  let discord: WebhookReceiver
  let book: TestPlaybooks
  let token = "adm-\(UUID().uuidString)"

  init() throws {
    database = try ScratchDatabase()
    api = try TradesAPI(database, token: token)
    discord = try WebhookReceiver()
    book = try TestPlaybooks(
      connections: """
        {database: {postgres: "env:DB", ca: "env:DB_CA"}, api: {http: "env:API", bearer: "env:TOKEN", ca: "env:CA"},
          discord: {webhook: "env:HOOK"}, tool: {password_file: "env:PASSWORD_FILE"}}
        """,
      variables: [
        "DB": database.url, "API": api.url, "TOKEN": token, "HOOK": discord.url,
        "DB_CA": ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_CA"] ?? "",
        "CA": ProcessInfo.processInfo.environment["ANDON_TEST_DATABASE_CA"] ?? "",
      ])
    try book.folder.write("Trading is paused.", to: "playbooks/templates/paused.md")
    let usual = "owner: ops\nreview: {last: \(Self.today), every: 30d}\n"
    try book.add(
      "pause", top: usual + "inverse: tidy\nconnections: [database, api, discord]\nkill_switch: {word: PAUSE}",
      steps: """
        - id: switch-off
          effect: destructive
          idempotent: true
          sql:
            connection: database
            run: UPDATE trades_config SET value = $1 WHERE key = $2
            bind: ["false", TRADES_ENABLED]
            expect: {rows: 1}
          verify:
            sql: {connection: database, run: "SELECT value FROM trades_config WHERE key = $1", bind: [TRADES_ENABLED]}
            until: rows[0].value == "false"
        - {id: ask, http: {connection: api, get: /trades}}
        - {id: tell, notify: {connection: discord, template: paused}}
        """)
    try book.add(
      "tidy", top: usual + "inverse: pause\nconnections: [database]",
      steps: """
        - id: clean-up
          effect: destructive
          idempotent: true
          sql:
            connection: database
            run: DELETE FROM trades_orders WHERE status = 'old' AND created_at < now() - $1::interval
            bind: [30 days]
            expect: {rows: {min: 0}}
          verify: {sql: {connection: database, run: SELECT count(*) AS n FROM trades_fills}, until: row_count == 1}
        - id: note-it
          exactly_once: true
          sql:
            connection: database
            run: INSERT INTO trades_config (key, value) VALUES ('TIDIED', 'yes')
            expect: {rows: 1}
          verify: {sql: {connection: database, run: SELECT 1 AS n}, until: row_count == 1}
        - id: statistics
          effect: write
          sql: {connection: database, run: TRUNCATE trades_order_book, expect: {rows: 0}}
          verify: {sql: {connection: database, run: SELECT 1 AS n}, until: row_count == 1}
        - {id: look, effect: read, timeout: 5s, command: {run: [ls, "-l"]}}
        """)
  }

  /// `YYYY-MM-DD`, UTC, so many days from now.
  static func day(_ distance: Int) -> String {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + Int64(distance) * 86_400_000).calendarDate
  }

  static var today: String { day(0) }

  func doctor(_ playbook: String? = nil, changing changes: [String: String?] = [:]) async throws -> Diagnosis {
    guard let playbook else { return try Diagnosis(await book.andon("doctor", "--json", changing: changes)) }
    return try Diagnosis(await book.andon("doctor", playbook, "--json", changing: changes))
  }

  /// Everything the database holds, tables and rows.
  var contents: String {
    get throws {
      let tables = try database.query(
        "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
          + " ORDER BY 1")
      return try tables.map { row in
        let (name, kind) = (row[0] ?? "", row[1])
        let what = kind == "S" ? "last_value, is_called" : "t::text"
        return try "\(name): \(database.query("SELECT \(what) FROM \(name) t ORDER BY 1"))"
      }.joined(separator: "\n")
    }
  }
}

/// What `andon doctor --json` said.
struct Diagnosis: CustomStringConvertible {
  let code: Int32
  let json: Value
  let description: String
  let elapsed: Duration

  init(_ result: ProgramResult) throws {
    code = result.code
    description = "\(result)"
    elapsed = result.elapsed
    json = try Value.json(Data(result.stdout.utf8))
  }

  /// `fail step pause/switch-off: …`, `warn clock api: …`
  func findings(_ level: String) -> [String] {
    (json["findings"]?.items ?? []).filter { $0["level"]?.displayText == level }.map { finding in
      func text(_ key: String) -> String { finding[key].map { $0 == .null ? "" : $0.displayText } ?? "" }
      let playbooks = finding["playbooks"]?.items.map(\.displayText).joined(separator: "+") ?? ""
      let place =
        playbooks.isEmpty ? text("connection") : text("step").isEmpty ? playbooks : "\(playbooks)/\(text("step"))"
      return "\(text("area")) \(place): \(text("message")) -> \(text("to_do"))"
    }
  }

  /// Exactly one thing would fail, and this names it.
  func expectOnly(_ place: String, _ words: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let failures = findings("fail")
    #expect(code == 69, "\(self)", sourceLocation: sourceLocation)
    #expect(failures.count == 1, "\(self)", sourceLocation: sourceLocation)
    expect("fail", place, words, sourceLocation)
  }

  func expect(
    _ level: String, _ place: String, _ words: [String], _ sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let isThere = findings(level).contains { finding in
      finding.hasPrefix("\(place): ") && words.allSatisfy(finding.contains) && !finding.hasSuffix("-> ")
    }
    #expect(isThere, "no '\(level)' about \(place) that says \(words): \(self)", sourceLocation: sourceLocation)
  }
}

extension Diagnosis {
  func expectOK(
    _ place: String, _ words: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let isThere = findings("ok").contains { $0.hasPrefix("\(place): ") && words.allSatisfy($0.contains) }
    #expect(isThere, "nothing good about \(place) that says \(words): \(self)", sourceLocation: sourceLocation)
  }
}
