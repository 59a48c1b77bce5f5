import IncidentModel
import Testing

@testable import Playbooks

@Suite("NamesAreKnown")
struct NamesAreKnownTests {
  @Test("a misspelt name is pointed at, and the near miss offered")
  func misspelt() {
    expectFindings(
      [
        .error(at: "①", "no param is named 'traget'", hint: "did you mean 'target'?"),
        .error(at: "②", "no step is named 'traige'", hint: "did you mean 'triage'?"),
        .error(at: "③", "'triage' leaves no 'row_cuont'", hint: "did you mean 'row_count'?"),
        .error(at: "④", "no prerequisite is named 'audit'", hint: "write it into 'prerequisites'"),
        .error(at: "⑤", "'run' has no 'envrionment'", hint: "did you mean 'environment'?"),
        .error(at: "⑥", "'api2' is not in 'connections'", hint: "did you mean 'api'?"),
        .error(at: "⑦", "nothing is named 'parms' here", hint: "did you mean 'params'?"),
        .error(at: "⑧", "'incident' has no 'who'", hint: "it has: id, severity, title, environment"),
      ],
      in: """
        params: {target: {type: text, default: x}}
        steps:
          - id: triage
            sql: {connection: database, run: "SELECT $1", bind: ["${params.①traget}"]}
          - id: next
            when: steps.②traige.row_count == 1
            description: rows ${steps.triage.③row_cuont}, ${prerequisites.④audit}, ${run.⑤envrionment}
            command:
              run: [echo, "${connections.⑥api2.http}", "${⑦parms.target}"]
              env: {WHO: "${incident.⑧who}"}
            verify: {assert: {that: exit_code == 0}}
        """)
  }

  @Test("a bare name gets the root it belongs to")
  func bare() {
    expectFindings(
      [
        .error(at: "①", "nothing is named 'pause' here", hint: "write params.pause"),
        .error(at: "②", "nothing is named 'one' here", hint: "write steps.one.OUTPUT"),
        .error(
          at: "③", "nothing is named 'rows' here",
          hint: "outputs are known in 'expect', 'register' and 'verify'; elsewhere write steps.ID.rows"),
        .error(at: "④", "nothing is named 'count' here", hint: "write vars.count"),
        .error(at: "⑤", "nothing is named 'database' here", hint: "write connections.database.FIELD"),
      ],
      in: """
        params: {pause: {type: bool, default: false}}
        steps:
          - id: one
            sql: {connection: database, run: SELECT 1}
            register: {count: row_count}
          - id: two
            when: ①pause
            assert: {that: ②one == 1}
          - id: three
            when: ③rows[0].a == 1 or ④count == 1
            assert: {that: ⑤database == "x"}
        """)
  }

  @Test("each condition sees the outputs of the action it looks at, and no others")
  func outputs() {
    expectFindings(
      [
        .error(
          at: "①", "nothing is named 'stdout' here", hint: "known here: \(Outputs.sql.names.joined(separator: ", "))"),
        .error(
          at: "②", "nothing is named 'rows' here", hint: "known here: \(Outputs.http.names.joined(separator: ", "))"),
      ],
      in: """
        steps:
          - id: one
            effect: write
            sql: {connection: database, run: SELECT 1}
            expect: row_count == 1
            register: {a: "rows[0].x", b: ①stdout}
            verify:
              http: {connection: api, get: /x}
              until: status == 200 and length(②rows) == 1 and json.ok == true and headers["a"] == "b" and time.total < 2
          - id: two
            command: {run: [date]}
            verify: {assert: {that: trim(stdout) == "" and stderr == "" and exit_code == 0, message: "it said ${stdout}"}}
          - id: three
            manual: {ask: How many}
            expect: number(answer) > 1
          - id: four
            monitor: {command: {run: [date]}, every: 1s, for: 2s, fail_when: exit_code != 0, record: stdout}
        """)
  }

  @Test("a value is known only after the step that sets it")
  func order() {
    expectFindings(
      [
        .error(at: "①", "'later' has no value yet: 'three' sets it", hint: "an earlier step must set it"),
        .error(at: "④", "'a' has no value yet: 'one' sets it"),
        .error(at: "⑤", "'later' has no value yet: 'three' sets it"),
        .error(at: "②", "no step sets 'nothing'"),
        .warning(at: "③", "'three' comes later in the file: its outputs are absent here"),
      ],
      in: """
        steps:
          - id: one
            when: vars.①later == 1
            set: {a: 1, b: vars.④a + 1}
          - id: two
            assert: {that: vars.a == 1 and vars.b == 2 and vars.②nothing == 3 and steps.③three.row_count == 1}
          - id: three
            sql: {connection: database, run: SELECT 1}
            register: {later: row_count}
            expect: vars.⑤later == 1
          - id: four
            assert: {that: vars.later == 1 and steps.three.later == 1 and steps.three.state == "done"}
        """, warnings: true)
  }

  @Test("a question to a person can name what happened so far, and whom to call")
  func story() {
    expectFindings(
      [.error(at: "①", "nothing is named 'contacts' here", hint: "only 'manual' and messages can name it")],
      in: """
        steps:
          - id: one
            manual: {ask: "Call ${contacts[0].phone}; ${length(failed)} steps failed by ${now}"}
          - id: two
            command: {run: [echo, "${①contacts[0].phone}"]}
            verify: {assert: {that: exit_code == 0}}
        """)
  }

  @Test("nothing is said about the outputs of an action that could not be read")
  func incomplete() {
    expectFindings(
      [.error(at: "①", "an 'sql' action has no key 'rnu'")],
      in: "steps:\n  - id: one\n    sql: {connection: database, ①rnu: SELECT 1}\n    expect: row_count == 1")
  }
}
