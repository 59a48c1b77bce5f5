import Foundation
import TestSupport

/// Playbooks whose steps are given every secret of a cage, and whose programs and services say them back.
enum CanaryPlaybook {
  static func everything(_ cage: Cage) -> (id: String, text: String) {
    let names = cage.canaries.birds.map(\.name)
    let binds = names.map { "\"${connections.\($0).secret}\"" }.joined(separator: ", ")
    let columns = names.indices.map { "$\($0 + 1)::text AS a\($0 + 1)" }.joined(separator: ", ")
    let keys = names.indices.map { "$\($0 + 1)::text, $\($0 + 1)::text" }.prefix(40).joined(separator: ", ")
    let steps =
      // Two of them never name their secret before they print it: whoever speaks first is heard all the same.
      [utterEarly(cage)]
      + stride(from: 0, to: names.count, by: 10).map { begin in
        "  - parallel:\n"
          + names[begin..<min(begin + 10, names.count)].map { "      - \(utter($0))\n" }.joined()
      } + [
        """
          - id: rows
            sql: {connection: db, run: "SELECT \(columns), jsonb_build_object(\(keys)) AS object, $45::text::numeric AS number", bind: [\(binds)]}
          - {id: hears, set: {heard: "steps.rows.rows[0].a14"}}
          - id: refused
            effect: read
            sql: {connection: db, run: "SELECT $1::int, $2::int", bind: ["${connections.c22.secret}", "1"]}
          - id: clipped
            sql: {connection: db, run: "INSERT INTO vault VALUES (1, $1)", bind: ["${connections.c8.secret}"], expect: {rows: 1}}
          - id: echoed
            effect: read
            http: {connection: echo, post: "/keys", headers: {X-Secret: "${connections.c21.secret}"}, json: {list: [\(binds)]}}
          - id: denied
            http: {connection: echo, post: "/deny", query: {q: "${connections.c29.secret}"}, headers: {X-Secret: "${connections.c35.secret}"}, body: "${connections.c7.secret} ${connections.c31.secret}"}
          - id: hangs
            effect: read
            http: {connection: echo, post: "/hang", body: "${connections.c25.secret}"}
            timeout: 1s
          - id: slow
            effect: read
            command: {run: [python3, "\(Canaries.forms)", utter], env: {SECRET: "${connections.c24.secret}", THEN: sleep}}
            timeout: 1s
          - id: exposed
            command: {run: [echo, "${steps.rows.rows[0].a5}"]}
          - id: sampled
            monitor: {command: {run: [cat, "\(cage.folder.file("secrets/c4"))"]}, every: 200ms, for: 500ms, record: "stdout"}
          - id: checked
            effect: read
            shell: {run: "true"}
            verify: {command: {run: [python3, "\(Canaries.forms)", utter], env: {SECRET: "${connections.c38.secret}"}}, until: "exit_code == 0", within: 10s}
          - id: stated
            assert: {that: 'vars.heard == "no"', message: "it is ${vars.heard}"}
          - id: child
            playbook: {id: child, with: {heard: vars.heard}}
          - id: titled
            incident: {title: "About ${vars.heard}"}
          - id: later
            incident: {follow_up: {title: "Change ${vars.heard}", owner: "${vars.heard}"}}
          - id: told
            notify: {connection: hook, template: told}
        """
      ]
    return ("everything", file("everything", steps.joined(separator: "\n")))
  }

  /// Holds all secrets for a minute, with all of them printed.
  static func long(_ cage: Cage) -> (id: String, text: String) {
    let some = cage.canaries.birds.enumerated().filter { $0.offset % 4 == 1 }.map(\.element.name)
    let all = cage.canaries.birds.map { "S_\($0.name): \"${connections.\($0.name).secret}\"" }.joined(separator: ", ")
    let text =
      "  - parallel:\n" + some.map { "      - \(utter($0))\n" }.joined() + """
          - id: waits
            shell: {run: "env >&2; touch \(cage.folder.file("waiting")); exec sleep 60", env: {\(all)}}
            timeout: 90s
        """
    return ("long", file("long", text))
  }

  static func brief(_ cage: Cage) -> (id: String, text: String) {
    let some = ["c1", "c3", "c11", "c13", "c21", "c26", "c48", "c49", "c50"]
    let text =
      some.map { "  - \(utter($0))\n" }.joined() + """
          - id: rows
            sql: {connection: db, run: "SELECT $1::text AS a, $2::text AS b", bind: ["${connections.c50.secret}", "${connections.c11.secret}"]}
          - id: bad
            command: {run: [python3, "\(Canaries.forms)", utter], env: {SECRET: "${connections.c49.secret}", THEN: fail}}
          - id: denied
            http: {connection: echo, post: "/deny", body: "${connections.c50.secret} ${connections.c22.secret}"}
        """
    return ("brief", file("brief", text))
  }

  static func asking(_ cage: Cage) -> (id: String, text: String) {
    let text = """
        - {id: ask-1, manual: {ask: What is it?, answer: {type: text}}}
        - {id: ask-2, manual: {ask: What is it?, answer: {type: text}}}
        - {id: ask-3, manual: {ask: What is it?, answer: {type: text}}}
        - {id: uses, effect: read, command: {run: [env], env: {CODE: "${params.code}"}}}
      """
    let params = "severity: P2\nparams: {code: {type: text, required: true, secret: true, ask: Which code?}}\n"
    return ("asking", file("asking", text, top: params))
  }

  /// Waits, and needs nothing.
  static func idle(_ cage: Cage) -> (id: String, text: String) {
    let script = "touch \(cage.folder.file("waiting")); exec sleep 60"
    return (
      "idle", "format: 1\nid: idle\nname: Idle\nsteps: [{id: waits, shell: {run: \"\(script)\"}, timeout: 90s}]\n"
    )
  }

  static func bystanders(_ cage: Cage) -> (id: String, text: String) {
    let binds = cage.canaries.birds.map { "\"${connections.\($0.name).secret}\"" }.joined(separator: ", ")
    let columns = cage.canaries.birds.indices.map { "$\($0 + 1)::text" }.joined(separator: ", ")
    let text = """
        - id: needs-them
          effect: read
          sql: {connection: db, run: "SELECT length(concat(\(columns)))", bind: [\(binds)]}
        - {id: environment, effect: read, command: {run: [sh, -c, "env; sleep 0.5"]}}
        - {id: script, effect: read, shell: {run: "sleep 0.5; cat /proc/self/environ"}}
      """
    return ("bystanders", file("bystanders", text))
  }

  private static func utter(_ name: String) -> String {
    "{id: utter-\(name), effect: read, command: {run: [python3, \"\(Canaries.forms)\", utter], "
      + "env: {SECRET: \"${connections.\(name).secret}\"}}, timeout: 30s}"
  }

  /// What stands in files and variables of others is printed before any step has asked for it.
  private static func utterEarly(_ cage: Cage) -> String {
    """
      - id: early
        effect: read
        shell: {run: "cat \(cage.folder.file("secrets/c14")) \(cage.folder.file("secrets/c44"))"}
    """
  }

  private static func file(_ id: String, _ steps: String, top: String = "severity: P2\n") -> String {
    let names = (1...50).map { "c\($0)" } + ["db", "echo", "hook"]
    return
      "format: 1\nid: \(id)\nname: Test \(id)\n\(top)connections: [\(names.joined(separator: ", "))]\nsteps:\n\(steps)\n"
  }
}
