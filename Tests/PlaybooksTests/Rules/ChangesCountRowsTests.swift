import IncidentModel
import Testing

@testable import Playbooks

@Suite("ChangesCountRows")
struct ChangesCountRowsTests {
  @Test(
    "a change without a number of rows is refused",
    arguments: ["UPDATE t SET a = 1 WHERE b = 2", "DELETE FROM t WHERE a = 1", "INSERT INTO t VALUES (1)"])
  func missing(_ sql: String) {
    expectFindings(
      [
        .error(
          at: "①", "a change must say how many rows it changes",
          hint: "add to 'sql': expect: {rows: 1}, or {min: 1, max: 10}")
      ],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: ①\(sql)}")
  }

  @Test(
    "a number, a range, and what does not count rows are accepted",
    arguments: ["expect: {rows: 1}", "expect: {rows: {min: 1}}", "expect: {rows: {max: 3}}"])
  func given(_ expect: String) {
    #expect(
      load("steps:\n  - id: one\n    sql: {connection: database, run: DELETE FROM t WHERE a = 1, \(expect)}").errors
        == [])
    #expect(load("steps:\n  - id: one\n    sql: {connection: database, run: VACUUM}").errors == [])
  }

  @Test(
    "an impossible range is refused",
    arguments: [
      ("{min: 3, max: 1}", "'min' is 3, which is more than 'max': 1"), ("{}", "a number of rows needs 'min' or 'max'"),
    ])
  func impossible(_ rows: String, _ message: String) {
    expectFindings(
      [.error(at: "①", message)],
      in: "steps:\n  - id: one\n    sql: {connection: database, run: SELECT 1, expect: {rows: ①\(rows)}}")
  }
}
