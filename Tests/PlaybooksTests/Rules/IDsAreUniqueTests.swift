import IncidentModel
import Testing

@testable import Playbooks

@Suite("IDsAreUnique")
struct IDsAreUniqueTests {
  @Test("steps in groups, handlers and undo share one set of ids")
  func steps() {
    expectFindings(
      [
        .error(at: "①", "another step is named 'one' already", hint: "the other one begins on line 7"),
        .error(at: "②", "another step is named 'one' already"), .error(at: "③", "another step is named 'one' already"),
      ],
      in: """
        steps:
          - id: one
            wait: {for: 1s}
            undo: {id: ①one, wait: {for: 1s}}
          - parallel: [{id: ②one, wait: {for: 1s}}]
        handlers:
          always: [{id: ③one, wait: {for: 1s}}]
        """)
  }

  @Test("params and prerequisites are given by the same flag")
  func input() {
    expectFindings(
      [.error(at: "①", "a param or a prerequisite is named 'a' already")],
      in: "params: {a: {type: text}}\nprerequisites:\n  - {id: ①a, ask: Is it so}")
  }
}
