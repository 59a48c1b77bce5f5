import IncidentModel
import Testing

@testable import Actions

@Suite("What SQL text shows without being understood")
struct TextTests {
  @Test(
    "placeholders are renumbered outside quotes and comments only",
    arguments: [
      ("SELECT $2, $1", "SELECT ?2, ?1"),
      ("SELECT '$1', \"$1\", `$1`, [$1], $1", "SELECT '$1', \"$1\", `$1`, [$1], ?1"),
      ("SELECT 'it''s $1', $1 -- $2\n, $2 /* $3 */", "SELECT 'it''s $1', ?1 -- $2\n, ?2 /* $3 */"),
      ("SELECT a$1, $1", "SELECT a$1, ?1"),
      ("$1'open $2", "?1'open $2"),
    ])
  func placeholders(statement: String, expected: String) {
    #expect(StatementText.withNumberedPlaceholders(statement) == expected)
  }

  @Test(
    "the first word is found behind blanks, comments and parentheses",
    arguments: [
      ("  commit", "COMMIT"), ("/* a */ -- b\n(SELECT 1)", "SELECT"), ("'x' y", ""), ("", ""), ("; end", "END"),
    ])
  func firstWord(statement: String, expected: String) {
    #expect(StatementText.firstWord(of: statement) == expected)
  }

  @Test("a character's place is its line and column")
  func place() throws {
    let place = try #require(StatementText.place(ofCharacter: 10, in: "SELECT *\nFROM t"))
    #expect(place == (2, 1))
    #expect(StatementText.place(ofCharacter: 99, in: "SELECT") == nil)
  }

  @Test("a mark that fits is the application name; a longer one is shortened, always in the same way")
  func applicationName() {
    let short = AttemptMark(run: RunID(number: 107), step: "disable-trades", attempt: 1, idempotencyKey: "k")
    #expect(ApplicationName.of(short) == "andon/RUN-107/disable-trades/1/k")
    let names = (1...3).map { attempt in
      ApplicationName.of(
        AttemptMark(
          run: RunID(number: 107), step: StepID(String(repeating: "ü", count: 50)), attempt: attempt,
          idempotencyKey: "k"))
    }
    #expect(Set(names).count == 3)
    #expect(names.allSatisfy { $0.utf8.count <= 63 && $0.utf8.allSatisfy { (32...126).contains($0) } })
  }

  @Test("what libpq says about a refused connection is taken apart")
  func refusal() {
    let text = """
      connection to server at "127.0.0.1", port 1 failed: Connection refused
      \tIs the server running on that host and accepting TCP/IP connections?
      connection to server at "::1", port 1 failed: FATAL:  28P01: password authentication failed for user "a"
      LOCATION:  auth_failed, auth.c:335
      """
    let refusal = ConnectionRefusal(libpqText: text)
    #expect(refusal.reasons == ["Connection refused", "password authentication failed for user \"a\""])
    #expect(refusal.sqlState == "28P01")
  }
}
