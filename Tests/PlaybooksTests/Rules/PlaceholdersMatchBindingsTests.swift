import IncidentModel
import Testing

@testable import Playbooks

@Suite("PlaceholdersMatchBindings")
struct PlaceholdersMatchBindingsTests {
  @Test("each placeholder has a value")
  func unbound() {
    expectFindings(
      [.error(at: "①", "nothing is bound to $2", hint: "'bind' has 1 item, the statement needs 2")],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: \"SELECT $1, ①$2\", bind: [a]}")
  }

  @Test("each value has a placeholder")
  func unused() {
    expectFindings(
      [.error(at: "①", "the statement does not use $2")],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: \"SELECT $1, '$2'\", bind: [a, ①b]}")
  }

  @Test("they count from 1, and may repeat")
  func counting() {
    expectFindings(
      [.error(at: "①", "placeholders count from $1")],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: \"SELECT ①$0\"}")
    #expect(
      load("steps:\n  - id: one\n    sql: {connection: database, run: \"SELECT $1, $1\", bind: [a]}").errors == [])
  }
}
