import IncidentModel
import Testing

@testable import Playbooks

@Suite("Values come in through one door")
struct ParameterInputTests {
  private func resolve(_ yaml: String, _ given: [String: String]) throws -> Playbook.ResolvedInput {
    try playbook(yaml).resolveInput(given)
  }

  private func problems(_ yaml: String, _ given: [String: String]) throws -> [String] {
    guard case .refused(let problems) = try resolve(yaml, given) else { return [] }
    return problems.map(\.description)
  }

  @Test("each text becomes a value of its param's kind")
  func kinds() throws {
    let yaml = """
      params:
        a: {type: text}
        b: {type: number}
        c: {type: integer}
        d: {type: bool}
        e: {type: choice, choices: [buy, sell]}
        f: {type: duration}
        g: {type: url}
        h: {type: address}
        i: {type: file}
        j: {type: number, default: 2.50}
        k: {type: text}
      prerequisites: [{id: audit_complete, ask: Is it}]
      """
    let result = try resolve(
      yaml,
      [
        "a": "no", "b": "70.10", "c": "-3", "d": "true", "e": "sell", "f": "30m", "g": "https://x.com/a?b=c",
        "h": "0x000000000000000000000000000000000000dEaD", "i": "/tmp/x", "audit_complete": "true",
      ])
    guard case .accepted(let params, let prerequisites) = result else {
      Issue.record("refused: \(result)")
      return
    }
    #expect(prerequisites == ["audit_complete": true])
    #expect(params["a"] == .text("no"))
    #expect(params["b"]?.displayText == "70.10")
    #expect(params["c"] == .number(-3))
    #expect(params["d"] == .bool(true))
    #expect(params["e"] == .text("sell"))
    #expect(params["f"] == .duration(.seconds(1800)))
    #expect(params["j"]?.displayText == "2.50")
    #expect(params["k"] == nil)
  }

  @Test(
    "a text that does not convert is refused with its form",
    arguments: [
      ("number", "1:30", "'a' must be a number such as 10 or 2.5, but is '1:30'"),
      ("number", "0x10", "'a' must be a number such as 10 or 2.5, but is '0x10'"),
      ("integer", "1.5", "'a' must be a whole number, but is '1.5'"),
      ("integer", "1e2", "'a' must be a whole number, but is '1e2'"),
      ("bool", "yes", "'a' must be true or false, but is 'yes'"),
      ("duration", "5", "'a' must be a duration such as 500ms, 5s, 10m, 2h or 30d, but is '5'"),
      (
        "url", "javascript:alert(1)",
        "'a' must be a URL that begins with https:// or http://, but is 'javascript:alert(1)'"
      ),
      ("url", "https://", "'a' must be a URL that begins with https:// or http://, but is 'https://'"),
      ("url", "https://a b", "'a' must be a URL that begins with https:// or http://, but is 'https://a b'"),
      ("address", "0x123", "'a' must be an address: 0x and 40 hexadecimal digits, but is '0x123'"),
      ("file", "", "'a' must be the path of a file, but is ''"),
    ])
  func wrong(_ kind: String, _ text: String, _ message: String) throws {
    #expect(try problems("params: {a: {type: \(kind)}}", ["a": text]) == [message])
  }

  @Test("choices, patterns and limits hold for what is given and for defaults")
  func limits() throws {
    let yaml = """
      params:
        a: {type: choice, choices: [sepolia, mainnet]}
        b: {type: text, pattern: "[a-z]+[0-9]*"}
        c: {type: integer, min: 1, max: 5}
      """
    #expect(
      try problems(yaml, ["a": "maninet", "b": "x1;", "c": "6"]) == [
        "'a' must be one of: sepolia, mainnet, but is 'maninet'\ndid you mean 'mainnet'?",
        "'b' must match [a-z]+[0-9]*, but is 'x1;'", "'c' must be at most 5, but is '6'",
      ])
    expectFindings(
      [
        .error(at: "①", "the default of 'a' must be one of: x, y, but is 'z'"),
        .error(at: "②", "the default of 'b' must match [a-z]+, but is '1'"),
        .error(at: "③", "the default of 'c' must be at least 2, but is '1'"),
        .error(at: "④", "'([a' is not a regular expression that can be used"),
        .error(at: "⑤", "a param of type choice needs 'choices'"),
        .error(at: "⑥", "'min' belongs to a number, but 'f' is text"),
      ],
      in: """
        params:
          a: {type: choice, choices: [x, y], default: ①z}
          b: {type: text, pattern: "[a-z]+", default: ②1}
          c: {type: integer, min: 2, default: ③1}
          d: {type: text, pattern: ④"([a"}
          e: ⑤{type: choice}
          f: {type: text, ⑥min: 1}
        """)
  }

  @Test("every problem is told at once: unknown names, missing ones, wrong ones")
  func all() throws {
    let yaml = """
      params: {watch: {type: duration, required: true, ask: How long}, side: {type: text}}
      prerequisites: [{id: audit_complete, ask: Is it}]
      """
    #expect(
      try problems(yaml, ["wtach": "5m", "audit_complete": "yes", "other": "1"]) == [
        "'audit_complete' must be true or false, but is 'yes'\ngive --var audit_complete=true",
        "'test' has no param named 'other'\nit takes: watch, side, audit_complete",
        "'test' has no param named 'wtach'\ndid you mean 'watch'?",
        "'watch' is required and was not given: How long\ngive --var watch=…",
      ])
  }

  @Test("a person is asked for what has a question and no value: not for a default, unless it is required")
  func questions() throws {
    let params = """
      params:
        given: {type: text, required: true, ask: A}
        usual: {type: text, default: x, ask: B}
        optional: {type: text, ask: C}
        mute: {type: text}
        needed: {type: text, required: true, ask: D}
        insisting: {type: text, required: true, default: y, ask: E}
      """
    func asked(_ yaml: String) throws -> [String] {
      try playbook(yaml).questions(beside: ["given": "z"]).map(\.name)
    }
    #expect(try asked(params) == ["optional", "needed", "insisting"])
    #expect(try asked("kill_switch: {word: PAUSE}\n" + params) == ["needed", "insisting"])
  }

  @Test("what is going to be asked for is not missing yet, but what was given wrong is told first")
  func open() throws {
    let playbook = try playbook("params: {a: {type: text, required: true, ask: A}, b: {type: bool}}")
    guard case .accepted = playbook.resolveInput([:], open: ["a"]),
      case .refused(let problems) = playbook.resolveInput(["b": "maybe"], open: ["a"])
    else {
      Issue.record("'a' is called missing")
      return
    }
    #expect(problems.map(\.message) == ["'b' must be true or false, but is 'maybe'"])
  }

  @Test("the text of a secret is never repeated")
  func secret() throws {
    #expect(
      try problems("params: {pin: {type: integer, secret: true}}", ["pin": "hunter2"])
        == ["'pin' must be a whole number, but is something else"])
  }
}
