import Foundation
import TestSupport
import Testing

@Suite("Exactly once", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ExactlyOnceTests {
  @Test("A change and its marker stay together or not at all")
  func marker() async throws {
    let database = try ScratchDatabase()
    try database.query("CREATE TABLE budget (name text, amount int)")
    try database.query("GRANT ALL ON budget TO \(database.name)")
    try database.query("GRANT CREATE ON SCHEMA public TO \(database.name)")
    let book = try TestPlaybooks(connections: "{db: {postgres: \"env:DB\"}}", variables: ["DB": database.url])
    try book.add(
      "spends", top: "connections: [db]",
      steps: """
        - id: spend
          exactly_once: true
          sql: {connection: db, run: "UPDATE budget SET amount = amount - 1", expect: {rows: 1}}
        """)
    let nothing = try await book.run("spends")
    #expect(nothing.code == 1, "\(nothing)")
    #expect(try database.value("SELECT count(*) FROM andon_marker") == "0", "a marker of what was taken back")
    try database.query("INSERT INTO budget VALUES ('all', 10)")
    let once = try await book.run("spends")
    #expect(once.code == 0, "\(once)")
    #expect(try database.value("SELECT amount FROM budget") == "9")
    #expect(try database.value("SELECT count(*) FROM andon_marker") == "1")
  }
}
