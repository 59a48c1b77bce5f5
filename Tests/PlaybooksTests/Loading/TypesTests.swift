import IncidentModel
import Testing

@testable import Playbooks

@Suite("Every scalar is text until the tables give it a type")
struct TypesTests {
  @Test("what YAML would turn into something else stays as it was written")
  func literal() throws {
    let words = ["no", "on", "~", "1:30", "010", "0x1F", "1_000", "2031-05-14", "12e03", ".inf", "0xdeadbeef", "null"]
    let playbook = try playbook(
      "tags: [\(words.joined(separator: ", "))]\nsteps:\n  - id: one\n    command: {run: [echo, \(words.joined(separator: ", "))]}"
    )
    #expect(playbook.tags == words)
    guard case .command(let action) = playbook.steps[0].action else { return }
    #expect(action.arguments.map(\.source) == ["echo"] + words)
  }

  @Test("a value of the wrong kind is pointed at, and the right form named")
  func wrong() {
    expectFindings(
      [
        .error(at: "①", "'severity' cannot be 'p0'", hint: "did you mean 'P0'?"),
        .error(at: "②", "'tags' must be a list, but is text", hint: "write [urgent], or lines that begin with '- '"),
        .error(at: "③", "'owner' must be text, but is a list"),
        .error(at: "④", "'contain' must be a duration such as 500ms, 5s, 10m, 2h or 30d, but is '5 m'"),
        .error(at: "⑤", "'idempotent' must be true or false, but is 'yes'"),
        .error(at: "⑥", "'max' must be a whole number of at least 1, but is 'many'"),
        .error(at: "⑦", "'wait' must be a 'wait' action, but is text"),
        .error(at: "⑧", "'last' must be a date such as 2031-05-14, but is '2031-02-30'"),
        .error(at: "⑨", "item 2 of 'status' must be a number between 0 and 999, but is 'ok'"),
      ],
      in: """
        severity: ①p0
        tags: ②urgent
        owner: ③[a]
        review: {last: ⑧2031-02-30, every: 30d}
        targets: {contain: ④5 m}
        steps:
          - id: one
            idempotent: ⑤yes
            retry: {max: ⑥many}
            wait: ⑦30s
          - id: two
            http: {connection: api, get: /x, status: [200, ⑨ok]}
        """)
  }

  @Test("format 2 is not read as format 1", arguments: ["2", "1.0", "one", "01"])
  func format(_ text: String) {
    let result = load("format: \(text)")
    #expect(result.errors.map(\.message) == ["this is format '\(text)', but only format 1 is known"])
  }

  @Test("durations are longer than nothing", arguments: ["0s", "-5s", "1.5s", "5", "5S", "99999999999999h"])
  func durations(_ text: String) {
    let result = load("steps:\n  - id: one\n    wait: {for: \(text)}")
    #expect(result.errors.count == 1)
    #expect(result.errors.first?.message.hasPrefix("'for' must be ") == true)
  }

  @Test("a key without a value is pointed at, but what nobody knows yet may be empty")
  func empty() throws {
    expectFindings(
      [.error(at: "①", "'when' has no value", hint: "write one, or take the key out")],
      in: "steps:\n  - id: one\n    when:①\n    wait: {for: 1s}")
    let playbook = try playbook("owner:\ndescription: ~\nreview: {last: , every: }")
    #expect(playbook.owner == nil)
    #expect(playbook.review == Review(last: nil, every: nil))
  }

  @Test("in a JSON body only unquoted true, false, null and numbers are more than text")
  func json() throws {
    let playbook = try playbook(
      """
      params: {n: {type: number, default: 5}}
      steps:
        - id: one
          http:
            connection: api
            post: /x
            json: {a: true, b: "true", c: 1.50, d: "1.50", e: null, f: no, g: 0x1F, h: 007, i: [1, x], j: "${params.n}", k: "n=${params.n}", l: "", m: }
          verify: {assert: {that: "true"}}
      """)
    guard case .http(let action) = playbook.steps[0].action, case .json(let body)? = action.body else { return }
    let value = try body.value(in: Names(["params": .map(["n": .number(5)])]))
    #expect(
      value
        == .map([
          "a": .bool(true), "b": .text("true"), "c": .number(Number("1.50")!), "d": .text("1.50"), "e": .null,
          "f": .text("no"), "g": .text("0x1F"), "h": .text("007"), "i": .list([.number(1), .text("x")]),
          "j": .number(5), "k": .text("n=5"), "l": .text(""), "m": .null,
        ]))
  }

  @Test("a template where none is read is an error or a warning, not silence")
  func templates() {
    expectFindings(
      [
        .error(at: "①", "'when' is an expression and takes bare names", hint: "write params.a == 1"),
        .error(at: "②", "'connection' cannot hold a template"), .error(at: "③", "'id' cannot hold a template"),
      ],
      in: """
        params: {a: {type: number, default: 1}}
        steps:
          - id: one
            when: "①${params.a} == 1"
            sql: {connection: ②"${params.a}", run: SELECT 1}
          - id: ③"${params.a}"
            wait: {for: 1s}
        """)
    expectFindings(
      [.warning(at: "①", "'name' is plain text: '${…}' stays as it is written")], in: "name: ①\"${params.x}\"",
      warnings: true)
  }

  @Test("a NUL cannot be written by an escape either")
  func escapedNUL() {
    expectFindings(
      [.error(at: "①", "item 2 of 'run' holds a NUL byte")],
      in: "steps:\n  - id: one\n    command: {run: [echo, ①\"a\\0b\"]}")
  }
}
