/// The playbook that is attacked: a step of every sort that acts, each in front of somebody who counts.
enum Torture {
  /// The steps whose effects are counted.
  static let kinds: [String: Kind] = [
    "sql-once": .once, "sql-idempotent": .idempotent, "sql-exact": .exactlyOnce, "lite-exact": .exactlyOnce,
    "post": .once, "put": .idempotent, "append": .once, "append-again": .idempotent, "script": .once,
    "inner": .once, "one": .once, "two": .once, "pay": .once, "set-fee": .idempotent,
  ]

  /// - Parameter ledger: the file that commands append to.
  static func steps(ledger: String) -> String { sql + "\n" + others(ledger) }

  /// The steps that PostgreSQL has to keep its word on.
  static let sql =
    """
    - {id: look, sql: {connection: db, run: "SELECT count(*) AS n FROM effect"}}
    - id: sql-once
      sql: {connection: db, run: "\(insert)", expect: {rows: 1}}
    - id: sql-idempotent
      idempotent: true
      sql:
        connection: db
        run: >-
          WITH done AS (INSERT INTO effect (mark) VALUES (current_setting('application_name')))
          UPDATE switch SET owner = $1 FROM pg_sleep(0.004)
        bind: ["${run.id}"]
        expect: {rows: 1}
      verify: {sql: {connection: db, run: "SELECT owner FROM switch"}, until: "rows[0].owner == run.id", within: 2s}
    - id: sql-exact
      exactly_once: true
      sql: {connection: db, run: "\(insert)", expect: {rows: 1}}
    """

  private static func others(_ ledger: String) -> String {
    """
    - id: lite-exact
      exactly_once: true
      sql: {connection: lite, run: "INSERT INTO effect (mark) VALUES ($1)", bind: ["andon/${run.id}/lite-exact/"], expect: {rows: 1}}
    - {id: post, http: {connection: api, post: "/effect/${run.id}/post", json: {a: b}}}
    - id: put
      idempotent: true
      http: {connection: api, put: "/effect/${run.id}/put", json: {a: b}}
      verify: {http: {connection: api, get: "/effect/${run.id}/put"}, until: "json.count > 0", every: 200ms, within: 500ms}
    - {id: append, command: {run: [/bin/sh, -c, "\(line)", append, \(ledger)]}}
    - id: append-again
      idempotent: true
      command: {run: [/bin/sh, -c, "\(line)", append, \(ledger)]}
      verify:
        command: {run: [/bin/grep, -c, "/${run.id}/append-again/", \(ledger)], exit: [0, 1]}
        until: exit_code == 0
        every: 200ms
        within: 500ms
    - {id: script, shell: {run: 'echo "$ANDON_MARK" >>"$LEDGER"; sleep 0.01', env: {LEDGER: \(ledger)}}}
    - {id: inside, playbook: {id: inside}}
    - parallel:
        - {id: one, shell: {run: 'echo "$ANDON_MARK" >>"$LEDGER"', env: {LEDGER: \(ledger)}}}
        - {id: two, shell: {run: 'echo "$ANDON_MARK" >>"$LEDGER"', env: {LEDGER: \(ledger)}}}
    - {id: tell, notify: {connection: hook, template: told}}
    """
  }

  static func innerSteps(ledger: String) -> String {
    #"- {id: inner, shell: {run: 'echo "$ANDON_MARK" >>"$LEDGER"', env: {LEDGER: \#(ledger)}}}"#
  }

  private static let insert =
    "INSERT INTO effect (mark) SELECT current_setting('application_name') FROM pg_sleep(0.004)"
  private static let line = #"echo \"$ANDON_MARK\" >>\"$1\""#
}
