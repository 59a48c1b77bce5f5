import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("Result tables", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct ResultTableTests {
  private let database: ScratchDatabase
  private let book: TestPlaybooks

  init() throws {
    database = try ScratchDatabase()
    book = try TestPlaybooks(connections: "{db: {postgres: 'env:DB'}}", variables: ["DB": database.url])
  }

  /// One step that reads, run with nobody there.
  private func read(_ sql: String, columns: Int = 80, more: String = "") async throws -> ProgramResult {
    try book.add(
      "look", top: "connections: [db]",
      steps: "- id: rows\n  name: Look\n  sql: {connection: db, run: \"\(sql)\"}\(more)")
    let result = try await book.andon("run", "look", "--auto", changing: ["COLUMNS": "\(columns)"])
    #expect(result.code == 0, "\(result)")
    return result
  }

  /// The lines of a run's transcript that follow the step's own.
  private func table(_ result: ProgramResult) -> [String] {
    let lines = result.stdout.split(separator: "\n").map(String.init)
    let start = lines.firstIndex { $0.contains("Look") && $0.hasPrefix("  done") } ?? lines.endIndex
    let under = lines[start...].dropFirst().prefix { $0.hasPrefix("           ") }
    return under.map { String($0.dropFirst(11)) }.filter { !$0.hasPrefix("unverified") }
  }

  private func csv() async throws -> ProgramResult {
    try await book.andon("show", "RUN-1", "--step", "rows", "--csv")
  }

  @Test("Columns stand in the query's order, numbers to the right, wide characters aligned, NULL as NULL")
  func aligned() async throws {
    let result = try await read(
      """
      SELECT * FROM (VALUES ('東京', 7, NULL), ('ok', 1234, 'e')) AS v (zebra, apple, middle) ORDER BY apple
      """)
    #expect(
      table(result) == [
        "zebra  apple  middle", "-----  -----  ------", "東京       7  NULL", "ok      1234  e",
      ])
    let shown = try await book.andon("show", "RUN-1", "--step", "rows")
    #expect(shown.stdout.contains("\nRead, 2 rows:\n  zebra  apple  middle\n"), "\(shown)")
    #expect(shown.stdout.contains("\n  東京       7  NULL\n"), "\(shown)")
  }

  @Test(
    "Forty rows are shown, and how many there are more",
    arguments: [(40, nil), (41, "… 1 more row"), (1500, "… 1460 more rows")])
  func manyRows(count: Int, more: String?) async throws {
    let lines = table(try await read("SELECT n FROM generate_series(1, \(count)) AS n"))
    let numbers = lines.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    #expect(numbers == Array(1...40))
    #expect(lines.first { $0.hasPrefix("…") } == more)
  }

  @Test("It fits the terminal: texts are cut with …, a number never", arguments: [50, 80])
  func fits(columns: Int) async throws {
    let result = try await read(
      "SELECT repeat('abcdefghij', 9) AS text, 123456789012345678 AS number, repeat('x', 30) AS other",
      columns: columns)
    let lines = table(result)
    #expect(lines.count == 3)
    // The table stands eleven columns in.
    for line in lines { #expect(line.displayWidth <= columns - 11, "\(line)") }
    #expect(lines[2].contains("…") && lines[2].contains("123456789012345678"))
  }

  @Test("What does not fit side by side stands row by row, with nothing lost")
  func tooWide() async throws {
    let numbers = (1...12).map { "\(1_000_000_000 + $0) AS column_\($0)" }.joined(separator: ", ")
    let lines = table(try await read("SELECT \(numbers)"))
    #expect(lines.first == "row 1")
    for number in 1...12 {
      #expect(lines.contains("  column_\(number.description.padded(to: 2))  \(1_000_000_000 + number)"))
    }
  }

  @Test("What is read cannot act on the terminal, in the table as in the CSV")
  func hostile() async throws {
    let result = try await read("SELECT chr(27) || '[2J' || chr(10) || 'x' AS a, 'b' AS \\\"c\u{202E}\\\"")
    #expect(!result.stdout.contains("\u{1B}") && !result.stdout.contains("\u{202E}"))
    #expect(table(result).contains { $0.contains(#"\u{1B}[2J / x"#) }, "\(result)")
    let exported = try await csv().stdout
    #expect(!exported.contains("\u{1B}") && !exported.contains("\u{202E}"))
  }

  @Test("The CSV is RFC 4180: CR LF, quotes doubled, commas and line breaks kept, NULL empty")
  func csvFormat() async throws {
    _ = try await read(
      """
      SELECT * FROM (VALUES (1, 'a,b', E'two\\nlines', NULL, true), (2, 'say ''hi''', 'x' || chr(34), '', false))
      AS v (id, comma, breaks, nothing, flag)
      """.replacing("\n", with: " "))
    let result = try await csv()
    #expect(result.code == 0, "\(result)")
    #expect(
      result.stdout
        == "id,comma,breaks,nothing,flag\r\n1,\"a,b\",\"two\nlines\",,true\r\n2,say 'hi',\"x\"\"\",,false\r\n")
  }

  @Test("A spreadsheet takes no cell of the CSV for a formula, and a negative number stays a number")
  func formulas() async throws {
    _ = try await read("SELECT '=1+1' AS a, '+1' AS b, '-1' AS c, '@x' AS d, -5 AS number, E'\\t=x' AS \\\"=head\\\"")
    #expect(try await csv().stdout == "a,b,c,d,number,'=head\r\n'=1+1,'+1,'-1,'@x,-5,'\t=x\r\n")
  }

  @Test("The CSV has every row that was kept, and says when there were more")
  func truncated() async throws {
    _ = try await read("SELECT n FROM generate_series(1, 1500) AS n")
    let result = try await csv()
    #expect(result.code == 0)
    #expect(result.stdout == "n\r\n" + (1...1000).map { "\($0)\r\n" }.joined())
    #expect(result.stderr.contains("only the first 1000 of 1500 rows were kept"))
  }

  @Test("A query without rows shows no table and gives an empty CSV")
  func noRows() async throws {
    #expect(table(try await read("SELECT 1 AS n WHERE false")).isEmpty)
    let result = try await csv()
    #expect(result.code == 0 && result.stdout == "", "\(result)")
    #expect(result.stderr.contains("no rows"))
  }

  @Test("Sensitive rows are shown nowhere")
  func sensitive() async throws {
    let result = try await read("SELECT 'hu' || 'sh' AS word", more: "\n  sensitive: true")
    #expect(table(result).isEmpty && !result.output.contains("hush"))
    let shown = try await book.andon("show", "RUN-1", "--step", "rows")
    #expect(!shown.output.contains("hush"))
    #expect(try await csv().code == 64)
  }

  @Test("--csv without a step, for an incident, for a step without rows or beside --json is a usage error that says so")
  func usage() async throws {
    try book.add("look", steps: "- id: rows\n  shell: {run: \"true\"}\n  effect: read\n  timeout: 5s")
    #expect(try await book.run("look").code == 0)
    let withoutStep = try await book.andon("show", "RUN-1", "--csv")
    #expect(withoutStep.code == 64 && withoutStep.stderr.contains("--step STEP --csv"), "\(withoutStep)")
    let incident = try await book.andon("show", "INC-1", "--step", "rows", "--csv")
    #expect(incident.code == 64 && incident.stderr.contains("one step of a run"), "\(incident)")
    let noTable = try await csv()
    #expect(noTable.code == 64 && noTable.stderr.contains("no rows on record"), "\(noTable)")
    let both = try await book.andon("show", "RUN-1", "--step", "rows", "--csv", "--json")
    #expect(both.code == 64 && both.stderr.contains("--csv and --json"), "\(both)")
  }

  @Test("A change that returns rows shows no table while it runs; what it returned is on record")
  func changes() async throws {
    try book.add(
      "look", top: "connections: [db]",
      steps: """
        - id: rows
          name: Look
          sql:
            connection: db
            run: UPDATE trades_config SET value = 'x' WHERE key = 'API_STATUS' RETURNING key, value
            expect: {rows: 1}
        """)
    let result = try await book.run("look")
    #expect(result.code == 0, "\(result)")
    #expect(!result.stdout.contains("-----"))
    #expect(try await csv().stdout == "key,value\r\nAPI_STATUS,x\r\n")
  }

  @Test("The postmortem has the first ten rows of what was read")
  func postmortem() async throws {
    try book.add(
      "look", top: "connections: [db]\nseverity: P3",
      steps:
        "- id: rows\n  name: Look\n  sql: {connection: db, run: \"SELECT n, 'a|b' AS pipe FROM generate_series(1, 25) AS n\"}"
    )
    #expect(try await book.run("look").code == 0)
    let made = try await book.andon("postmortem", "create", "INC-1", "--out", book.folder.file("report.md"))
    #expect(made.code == 0, "\(made)")
    let text = try String(contentsOfFile: book.folder.file("report.md"), encoding: .utf8)
    #expect(text.contains("Read:\n\n| n | pipe |\n| ---: | --- |\n| 1 | a\\|b |\n"), "\(text)")
    #expect(text.contains("| 10 | a\\|b |\n\n… 15 more rows") && !text.contains("| 11 |"))
  }
}
