import Foundation
import IncidentModel
import TestSupport
import Testing

/// What can only be found out by looking closer than at whether a statement can be planned and a program is there.
@Suite("What would fail, looked at closer", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct DoctorDepthTests {
  private static let top = "review: {last: \(Clinic.today), every: 30d}"

  @Test("Row security that applies to the user is a warning with table and step; for a user above it there is none")
  func rowSecurity() async throws {
    let clinic = try Clinic()
    try clinic.database.query("ALTER TABLE trades_orders ENABLE ROW LEVEL SECURITY")
    let hidden = try await clinic.doctor()
    #expect(hidden.code == 0, "\(hidden)")
    hidden.expect(
      "warn", "step tidy/clean-up", ["row security is on for 'trades_orders'", clinic.database.name, "change none"])
    #expect(hidden.findings("warn").count == 1, "\(hidden)")
    try clinic.database.query("ALTER ROLE \(clinic.database.name) BYPASSRLS")
    #expect(try await clinic.doctor().findings("warn") == [])
    try clinic.database.query("ALTER ROLE \(clinic.database.name) NOBYPASSRLS")
    try clinic.database.query("ALTER TABLE trades_config ENABLE ROW LEVEL SECURITY")
    let both = try await clinic.doctor("pause")
    both.expect("warn", "step pause/switch-off", ["'trades_config'"])
    #expect(both.findings("warn").count == 1, "\(both)")
  }

  struct Unexplained: Sendable, CustomTestStringConvertible {
    let statement: String
    /// What the user lacks; `nil`: it would work.
    let lacks: String?

    var testDescription: String { statement }
  }

  @Test(
    "What cannot be explained is looked up: the procedure, the schema, the table and the right",
    arguments: [
      Unexplained(statement: "CALL tidy_up(1)", lacks: nil),
      Unexplained(statement: "CALL public.tidy_up(1)", lacks: nil),
      Unexplained(statement: "CALL tidy_down(1)", lacks: "procedure tidy_down does not exist"),
      Unexplained(statement: "/* now */ call locked_up()", lacks: "permission denied for procedure locked_up"),
      Unexplained(statement: "CREATE TABLE fresh (n int)", lacks: nil),
      Unexplained(statement: "CREATE TABLE trades_orders (n int)", lacks: "is there already"),
      Unexplained(statement: "CREATE TABLE IF NOT EXISTS trades_orders (n int)", lacks: nil),
      Unexplained(statement: "CREATE TABLE nowhere.fresh (n int)", lacks: "there is no schema for nowhere.fresh"),
      Unexplained(statement: "CREATE VIEW vault.fresh AS SELECT 1 AS n", lacks: "permission denied for schema vault"),
      Unexplained(statement: "CREATE VIEW hall.fresh AS SELECT 1 AS n", lacks: "has no CREATE there"),
      Unexplained(statement: "CREATE SCHEMA fresh", lacks: nil),
      Unexplained(statement: "CREATE INDEX fresh ON trades_orders (id)", lacks: "does not own \"trades_orders\""),
      Unexplained(statement: "CREATE INDEX fresh ON own_table (n)", lacks: nil),
      Unexplained(statement: "CREATE INDEX fresh ON trades_nothing (n)", lacks: "\"trades_nothing\" does not exist"),
      Unexplained(statement: "VACUUM own_table", lacks: "VACUUM cannot run inside a transaction"),
      Unexplained(statement: "create index CONCURRENTLY fresh ON own_table (n)", lacks: "inside a transaction"),
      Unexplained(statement: "ANALYZE own_table", lacks: nil),
      Unexplained(statement: "ANALYZE trades_nothing", lacks: "\"trades_nothing\" does not exist"),
    ])
  func unexplained(_ unexplained: Unexplained) async throws {
    let clinic = try Clinic()
    for statement in [
      "CREATE PROCEDURE tidy_up(n int) LANGUAGE sql AS 'SELECT 1'", "CREATE SCHEMA vault", "CREATE SCHEMA hall",
      "GRANT USAGE ON SCHEMA hall TO \(clinic.database.name)",
      "CREATE PROCEDURE locked_up() LANGUAGE sql AS 'SELECT 1'", "REVOKE ALL ON PROCEDURE locked_up() FROM PUBLIC",
      "CREATE TABLE own_table (n int)", "ALTER TABLE own_table OWNER TO \(clinic.database.name)",
    ] { try clinic.database.query(statement) }
    try clinic.book.add(
      "shape", top: Self.top + "\nconnections: [database]",
      steps: "- id: change\n  sql:\n    connection: database\n    run: |\n      \(unexplained.statement)")
    let before = try clinic.contents
    let diagnosis = try await clinic.doctor("shape")
    if let lacks = unexplained.lacks {
      diagnosis.expectOnly("step shape/change", lacks)
    } else {
      #expect(diagnosis.code == 0 && diagnosis.findings("note") == [], "\(diagnosis)")
      diagnosis.expectOK("connection database", "1 of 1 statements")
    }
    #expect(try clinic.contents == before)
  }

  struct Script: Sendable, CustomTestStringConvertible {
    let text: String
    /// The program that is not there; `nil`: all are.
    var missing: String?
    /// Not all of it can be told.
    var isUnclear = false

    var testDescription: String { text }
  }

  @Test(
    "The programs that a script's commands begin with are looked up; what only a run can tell is said",
    arguments: [
      Script(text: "set -eu\nls -l | sort -n >/dev/null 2>&1 && echo done"),
      Script(text: "no-such-a x", missing: "no-such-a"),
      Script(text: "LANG=C ls; X=1 no-such-b", missing: "no-such-b"),
      Script(text: "if ls; then ls | no-such-c; fi", missing: "no-such-c"),
      Script(text: "n=$(ls \"$(no-such-d)\" | wc -l)", missing: "no-such-d"),
      Script(text: "echo \"at $(date +%s)\" # no-such-e"),
      Script(text: "cat <<'END' >/dev/null\nno-such-f\nEND\nls"),
      Script(text: "cat <<END >/dev/null\nx\nEND\nno-such-g", missing: "no-such-g"),
      Script(text: "awk '{ no_such_h; print $1 }' </dev/null; [ -n \"${X:-y}\" ] || exit 1"),
      Script(text: "for x in a b; do no-such-i \"$x\"; done", missing: "no-such-i"),
      Script(text: "tell() { echo \"$1\"; }\ntell now; echo $((1 + 2)) ${X%%no-such}"),
      Script(text: "command -v no-such-j >/dev/null && no-such-j"),
      Script(text: "\"$TOOL\" x", isUnclear: true),
      Script(text: "case $X in a) no-such-k ;; esac", isUnclear: true),
      Script(text: "exec no-such-l 2>/dev/null", missing: "no-such-l"),
      Script(text: "ls \\\n  -l; { ls; ( no-such-m ); }", missing: "no-such-m"),
    ])
  func scripts(_ script: Script) async throws {
    let book = try TestPlaybooks()
    let indented = script.text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n      ")
    try book.add(
      "runs", top: Self.top, steps: "- id: script\n  timeout: 5s\n  shell:\n    run: |\n      \(indented)")
    let diagnosis = try Diagnosis(await book.andon("doctor", "--json"))
    if let missing = script.missing {
      diagnosis.expectOnly("program runs/script", "'\(missing)' is not installed")
    } else {
      #expect(diagnosis.code == 0, "\(diagnosis)")
    }
    #expect(diagnosis.findings("note").contains { $0.contains("its script") } == script.isUnclear, "\(diagnosis)")
  }

  @Test("A path that a step reads is read, and what it answers is told; what would change something is not asked")
  func readings() async throws {
    let clinic = try Clinic()
    func add(_ step: String) throws {
      try clinic.book.add("asks", top: Self.top + "\nconnections: [api]\nparams: {x: {type: text}}", steps: step)
    }
    try add("- {id: look, http: {connection: api, get: /admin/config}}")
    try await clinic.doctor("asks").expectOK("step asks/look", "GET /admin/config on 'api' answers 200")
    try add("- {id: look, http: {connection: api, get: /admin/confg}}")
    try await clinic.doctor("asks").expectOnly("step asks/look", "404")
    try add("- {id: look, http: {connection: api, get: /admin/confg, status: [404]}}")
    #expect(try await clinic.doctor("asks").code == 0)
    try add("- {id: look, http: {connection: api, get: \"/admin/${params.x}\"}}")
    let open = try await clinic.doctor("asks")
    #expect(open.code == 0, "\(open)")
    open.expect("note", "step asks/look", ["was not asked"])
    try add(
      "- {id: a, http: {connection: api, post: /admin/config, json: {A: 1}}}\n"
        + "- {id: b, effect: write, http: {connection: api, get: /trades}}")
    let before = clinic.api.requests.count
    #expect(try await clinic.doctor("asks").code == 0)
    #expect(clinic.api.requests.dropFirst(before).allSatisfy { $0.method == "GET" && $0.target != "/trades" })
    #expect(clinic.api.requests.count == before + 1)
  }

  @Test("A pg_dump that is older than the server is named, on a command line and in a script; a newer one is not")
  func dumps() async throws {
    let clinic = try Clinic()
    let connected = "env: {PGHOST: \"${connections.database.host}\"}"
    try clinic.book.add(
      "backup", top: Self.top + "\nconnections: [database]",
      steps: """
        - {id: plain, timeout: 5s, command: {run: [pg_dump, --version], \(connected)}}
        - id: inside
          timeout: 5s
          shell: {run: "echo '\\\\! pg_dump -Fc' | cat", \(connected)}
        """)
    func doctor(_ version: String) async throws -> Diagnosis {
      try clinic.book.folder.write(
        "#!/bin/sh\necho 'pg_dump (PostgreSQL) \(version)'\n", to: "bin/pg_dump", mode: 0o755)
      return try await clinic.doctor(
        "backup", changing: ["PATH": "\(clinic.book.folder.file("bin")):/usr/bin:/bin"])
    }
    let old = try await doctor("9.6.24")
    #expect(old.code == 69 && old.findings("fail").count == 2, "\(old)")
    for step in ["plain", "inside"] {
      old.expect("fail", "program backup/\(step)", ["pg_dump 9 refuses to dump 'database'", "client programs"])
    }
    #expect(try await doctor("99.1 (Debian 99.1-1)").code == 0)
  }
}
