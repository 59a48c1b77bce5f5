import IncidentModel
import Testing

@testable import Playbooks

@Suite("Keys: unknown, repeated, missing, one too many")
struct KeysTests {
  @Test("a misspelt key is pointed at, and the near miss offered")
  func misspelt() {
    expectFindings(
      [.error(at: "①", "a playbook has no key 'ownr'", hint: "did you mean 'owner'?")], in: "①ownr: me")
    expectFindings(
      [.error(at: "①", "an 'sql' action has no key 'bnd'", hint: "did you mean 'bind'?")],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: SELECT 1, ①bnd: []}")
  }

  @Test("a misspelt key that is required is not called missing as well")
  func misspeltRequired() {
    expectFindings(
      [.error(at: "①", "an 'sql' action has no key 'conection'", hint: "did you mean 'connection'?")],
      in: "steps:\n  - id: one\n    sql: {①conection: database, run: SELECT 1}")
  }

  @Test("a key that resembles none gets the list of those there are")
  func foreign() {
    expectFindings(
      [.error(at: "①", "a 'retry' has no key 'jitter'", hint: "its keys are: max, every, backoff")],
      in: "steps:\n  - id: one\n    retry: {max: 2, ①jitter: 1s}\n    wait: {for: 1s}")
  }

  @Test("keys that begin with x- are free everywhere")
  func free() throws {
    let playbook = try playbook(
      "x-note: [anything, {at: all}]\nsteps:\n  - id: one\n    x-why: because\n    wait: {for: 1s, x-y: z}")
    #expect(playbook.steps.count == 1)
  }

  @Test("a header may begin with X-")
  func headers() throws {
    let playbook = try playbook(
      "steps:\n  - id: one\n    http: {connection: api, get: /x, headers: {X-Trace: a, x-b: c}}")
    guard case .http(let action) = playbook.steps[0].action else { return }
    #expect(action.headers.map(\.name) == ["X-Trace", "x-b"])
  }

  @Test("a repeated key is pointed at where it stands the second time, and the rest is read on")
  func repeated() {
    expectFindings(
      [
        .error(at: "①", "the key 'owner' stands here a second time", hint: "the first one is on line 6"),
        .error(at: "②", "the key 'id' stands here a second time"),
        .error(at: "③", "the key 'for' stands here a second time", hint: "the first one is on line 12"),
        .error(at: "④", "the key 'owner' stands here a second time", hint: "the first one is on line 6"),
        .error(at: "⑤", "a step has no key 'wehn'", hint: "did you mean 'when'?"),
      ],
      in: """
        owner: a
        tags: [b]
        ①owner: c
        steps:
          - id: one
            name: One
            wait: {for: 1s, ③for: 2s}
            ②id: two
          - id: three
            ⑤wehn: "true"
            wait: {for: 1s}
        ④"owner": d
        """)
  }

  @Test("what is missing is named, with what it is for")
  func missing() {
    let result = PlaybookLoader(library: nil).load(
      text: "format: 1\nname: Test of what is missing\n", file: "test.yaml")
    #expect(result.errors.map(\.message) == ["a playbook needs the key 'id'", "a playbook needs the key 'steps'"])
    expectFindings(
      [.error(at: "①", "a 'retry' needs the key 'max'", hint: "How many attempts, the first one included")],
      in: "steps:\n  - id: one\n    retry: ①{every: 1s}\n    wait: {for: 1s}")
  }

  @Test("a step has exactly one action")
  func oneAction() {
    expectFindings(
      [
        .error(at: "①", "a step needs an action"),
        .error(at: "②", "a step has an action already: 'wait'", hint: "only one of 'wait' and 'assert' can stand here"),
      ],
      in: """
        steps:
          - ①id: one
            name: Nothing
          - id: two
            wait: {for: 1s}
            ②assert: {that: "true"}
        """)
  }

  @Test("an action needs an id, a group does without")
  func ids() throws {
    expectFindings(
      [.error(at: "①", "a step with an action needs the key 'id'")], in: "steps:\n  - ①wait: {for: 1s}")
    let playbook = try playbook(
      "steps:\n  - parallel:\n      - {id: one, wait: {for: 1s}}\n      - if: {that: \"true\", then: [{id: two, wait: {for: 1s}}]}"
    )
    #expect(playbook.steps[0].id == "steps[0]")
    #expect(playbook.steps[0].children.map(\.id.rawValue) == ["one", "steps[0].parallel[1]"])
    #expect(playbook.steps[0].children[1].children.map(\.id.rawValue) == ["two"])
  }

  @Test("what only an action can have does not stand on a group")
  func groups() {
    expectFindings(
      [
        .error(at: "①", "'retry' cannot stand on a group: 'parallel' acts only through its steps"),
        .error(at: "②", "'verify' cannot stand on a group: 'parallel' acts only through its steps"),
      ],
      in: """
        steps:
          - name: Group
            critical: false
            ①retry: {max: 2}
            ②verify: {assert: {that: "true"}}
            parallel: [{id: one, wait: {for: 1s}}]
        """)
  }

  @Test("one method, one body")
  func http() {
    expectFindings(
      [
        .error(at: "①", "an 'http' action has a method already: 'get'"),
        .error(at: "②", "'body' cannot stand beside 'json'"),
        .error(at: "③", "an 'http' action needs a method"),
      ],
      in: """
        steps:
          - id: one
            http: {connection: api, get: /a, ①put: /b}
          - id: two
            http: {connection: api, post: /a, json: {}, ②body: x}
          - id: three
            http: ③{connection: api}
        """)
  }

  @Test("a file with thousands of mistakes ends with one that says so")
  func manyMistakes() {
    let keys = (0..<100).map { "key\($0): x" }.joined(separator: ", ")
    let result = load("steps:\n" + String(repeating: "  - {\(keys)}\n", count: 50))
    #expect(result.errors.count == 1000)
    #expect(result.errors.last?.message == "there is more to say than these 1000")
  }

  @Test("However many warnings there are, they are no mistake, and a mistake behind them is told")
  func manyWarnings() {
    let steps = (0..<1200).map { "  - {id: step-\($0), effect: write, command: {run: [\"true\"]}}\n" }.joined()
    let many = load("steps:\n\(steps)")
    #expect(many.errors.isEmpty, "\(many.errors)")
    #expect(many.warnings.count == 501)
    #expect(many.warnings.contains { $0.message == "there are more warnings than these 500" })
    let wrong = load(
      "steps:\n\(steps)  - {id: wrong, command: {run: [\"true\"]}, verify: {assert: {that: nobody.knows}}}\n")
    #expect(wrong.errors.count == 1)
  }
}
