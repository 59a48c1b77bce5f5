import IncidentModel
import Testing

@testable import Playbooks

@Suite("EffectsAreHonest")
struct EffectsAreHonestTests {
  @Test("what changes things cannot be called read")
  func dishonest() {
    expectFindings(
      [
        .error(at: "①", "this SQL may change things, so its effect is not 'read'"),
        .error(at: "②", "DELETE changes things, so its effect is not 'read'"),
        .error(at: "③", "a message that goes out is not 'read'"),
      ],
      in: """
        steps:
          - id: one
            effect: ①read
            sql: {connection: database, run: UPDATE t SET a = 1 WHERE b = 2, expect: {rows: 1}}
          - id: two
            effect: ②read
            http: {connection: api, delete: /x}
          - id: three
            effect: ③read
            notify: {connection: discord, template: x}
          - id: four
            effect: read
            command: {run: [cast, call, x]}
          - id: five
            effect: read
            http: {connection: api, post: /rpc, json: {method: eth_call}}
        """)
  }

  @Test(
    "without a word the effect follows the action",
    arguments: [
      ("sql: {connection: database, run: SELECT 1}", Effect.read),
      (
        "sql: {connection: database, run: \"WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a\", expect: {rows: 1}}",
        .write
      ),
      ("http: {connection: api, get: /}", .read), ("http: {connection: api, head: /}", .read),
      ("http: {connection: api, post: /}", .write), ("command: {run: [ls]}", .write), ("shell: {run: ls}", .write),
      ("manual: {ask: Do it}", .write), ("notify: {connection: discord, template: x}", .write),
      ("wait: {for: 1s}", .read),
      ("monitor: {http: {connection: api, get: /}, every: 1s, for: 2s}", .read), ("assert: {that: \"true\"}", .read),
      ("set: {a: 1}", .write), ("playbook: {id: other}", .write),
    ])
  func defaults(_ action: String, _ effect: Effect) throws {
    #expect(try playbook("steps:\n  - id: one\n    \(action)").steps[0].effect == effect)
  }

  @Test("a group has the worst effect of the steps inside")
  func group() throws {
    let playbook = try playbook(
      """
      steps:
        - parallel:
            - {id: one, wait: {for: 1s}}
            - if: {that: "true", then: [{id: two, effect: destructive, manual: {ask: Do it}}]}
        - parallel: [{id: three, wait: {for: 1s}}]
      """)
    #expect(playbook.steps.map(\.effect) == [.destructive, .read])
  }
}
