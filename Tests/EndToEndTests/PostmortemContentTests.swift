import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("What the postmortem says", .inTurn, .timeLimit(.minutes(40)))
struct PostmortemContentTests {
  private func report(_ book: TestPlaybooks, _ incident: String = "INC-1", _ changes: [String: String?] = [:])
    async throws -> String
  {
    let result = try await book.andon("postmortem", "create", incident, "--out", "-", changing: changes)
    #expect(result.code == 0, "\(result)")
    return result.stdout
  }

  private func section(_ heading: String, _ text: String) -> String {
    text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading) } ?? ""
  }

  @Test("Two processes in other time zones, languages, widths and folders write the same bytes, and append nothing")
  func sameBytes() async throws {
    let book = try TestPlaybooks()
    try book.add("fine", top: "severity: P1", steps: "- {id: a, name: Ä, effect: read, command: {run: [echo, ü]}}")
    #expect(try await book.run("fine").code == 0)
    let journal = JournalFile(path: "\(book.state)/journal.db")
    let before = try journal.entries.map(\.hash)
    let plain = try await report(book)
    for changes in [
      ["TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "de_DE.UTF-8"],
      ["TZ": "America/St_Johns", "COLUMNS": "40", "TERM": "dumb", "NO_COLOR": "1"], ["ANDON_ACTOR": "somebody-else"],
    ] { #expect(try await report(book, "INC-1", changes) == plain) }
    let elsewhere = try await RunningProgram(
      [AndonProgram.path, "postmortem", "create", "INC-1", "--out", "-"], environment: book.environment, directory: "/"
    ).wait()
    #expect(elsewhere.stdout == plain)
    #expect(try journal.entries.map(\.hash) == before)
    let last = try #require(try journal.entries.last { $0.incident == 1 })
    #expect(plain.contains("andon journal verify --anchor \(last.seq):\(last.hash)"))
    #expect([0, 3].contains(try await book.andon("journal", "verify", "--anchor", "\(last.seq):\(last.hash)").code))
  }

  @Test(
    "An earlier incident with the same playbook is named with its open follow-ups; what comes later changes nothing")
  func repeats() async throws {
    let book = try TestPlaybooks()
    try book.add("again", top: "severity: P1", steps: "- {id: a, wait: {for: 1ms}}")
    try book.add("other", top: "severity: P3", steps: "- {id: a, wait: {for: 1ms}}")
    #expect(try await book.run("again").code == 0)
    #expect(section("Related", try await report(book)).contains("The journal knows no earlier incident like this one"))
    for words in [
      ["incident", "followup", "add", "INC-1", "change the | locks", "--owner", "lee"],
      ["incident", "edit", "INC-1", "--title", "the first <time>"], ["resolve", "INC-1"],
      ["incident", "close", "INC-1"],
    ] {
      let result = try await AndonProgram(environment: book.environment).run(words)
      #expect(result.code == 0, "\(words): \(result)")
    }
    #expect(try await book.run("again").code == 0)
    #expect(try await book.andon("resolve", "INC-2").code == 0)
    let second = try await report(book, "INC-2")
    let related = section("Related", second)
    #expect(related.contains("**One incident with the same playbook or monitor**"), "\(related)")
    #expect(related.contains("| INC-1 |") && related.contains("the first &lt;time&gt;"), "\(related)")
    #expect(related.contains("playbook again | closed | 1 change the \\| locks (lee) |"), "\(related)")
    #expect(try await book.andon("incident", "followup", "done", "INC-1", "1").code == 0)
    #expect(try await book.run("other").code == 0)
    #expect(try await book.andon("resolve", "INC-3").code == 0)
    #expect(try await book.run("again").code == 0)
    #expect(try await report(book, "INC-2") == second)
    let third = section("Related", try await report(book, "INC-3"))
    #expect(third.contains("Nothing like this has happened before"), "\(third)")
    #expect(third.contains("| INC-2 |") && third.contains("| the same environment |"), "\(third)")
    let fourth = section("Related", try await report(book, "INC-4"))
    #expect(fourth.contains("**2 incidents with the same playbook or monitor**"), "\(fourth)")
    #expect(fourth.contains("playbook again | closed | all 1 done |"), "\(fourth)")
  }

  @Test("A limit that is too short comes with a patch; with it in place the playbook is fine and the step is done")
  func patch() async throws {
    let book = try TestPlaybooks()
    let mark = book.folder.file("mark")
    let file = try book.add(
      "slow", top: "severity: P2",
      steps: """
        - id: slow
          name: Take your time
          effect: write
          idempotent: true
          shell: {run: "sleep 1.5; echo done > \(mark)"}
          timeout: 1s
          verify: {command: {run: [cat, "\(mark)"]}, until: trim(stdout) == "done", within: 200ms, every: 100ms}
        """)
    #expect(try await book.run("slow").code == 1)
    let findings = section("Runbook problems", try await report(book))
    let diff = try #require(findings.components(separatedBy: "```diff\n").dropFirst().first).components(
      separatedBy: "\n```")[0]
    #expect(diff.contains("-    timeout: 1s\n+    timeout: 2s"), "\(findings)")
    let patched = try await RunningProgram(
      ["/usr/bin/patch", "--batch", "--fuzz=0", file], environment: ["PATH": "/usr/bin:/bin"], input: diff + "\n"
    ).wait()
    #expect(patched.code == 0, "\(patched)")
    #expect(try await book.andon("playbook", "check", "slow").code == 0)
    let again = try await book.run("slow")
    #expect(again.code == 0, "\(again)")
    #expect(try await book.record("RUN-2").step("slow").outcome == "done verified")
  }

  @Test("Names that Mermaid could take for its own become bars like any other, a second long at least")
  func chart() async throws {
    let book = try TestPlaybooks()
    try book.add(
      "ticks", top: "severity: P2",
      steps: (1...3).map { "- {id: s\($0), name: \"end; click: #\($0) %% me\", wait: {for: 20ms}}" }.joined(
        separator: "\n"))
    #expect(try await book.run("ticks").code == 0)
    let text = try await report(book)
    let chart = try #require(text.components(separatedBy: "```mermaid\n").dropFirst().first).components(
      separatedBy: "\n```")[0]
    let bars = chart.split(separator: "\n").filter { $0.contains(":done, ") }
    #expect(bars.count == 3, "\(chart)")
    for bar in bars {
      #expect(
        bar.wholeMatch(of: #/    [0-9]+ end click [0-9] me :done, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d, [1-9][0-9]*s/#) != nil
      )
    }
  }
}

@Suite("What the postmortem says of values", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct PostmortemValueTests {
  @Test("What a row said before and after a change stands side by side; where nobody had asked before, nothing does")
  func beforeAndAfter() async throws {
    let database = try ScratchDatabase()
    try database.query("CREATE TABLE shop (id int, open text)")
    try database.query("INSERT INTO shop VALUES (1, 'yes'), (2, 'yes')")
    try database.query("GRANT ALL ON shop TO \(database.name)")
    let book = try TestPlaybooks(
      connections: "{db: {postgres: \"env:DB\"}}", variables: ["DB": database.url])
    func change(_ id: Int) -> String {
      """
      - id: close-\(id)
        name: Close \(id)
        sql: {connection: db, run: "UPDATE shop SET open = 'no' WHERE id = \(id)", expect: {rows: 1}}
        verify: {sql: {connection: db, run: SELECT open FROM shop WHERE id = \(id)}, until: 'rows[0].open == "no"'}
      """
    }
    try book.add(
      "close", top: "severity: P1\nconnections: [db]",
      steps: "- {id: look, name: Look, sql: {connection: db, run: SELECT open FROM shop WHERE id = 1}, "
        + "register: {open_before: \"rows[0].open\"}}\n" + change(1) + "\n" + change(2))
    #expect(try await book.run("close").code == 0)
    #expect(try database.value("SELECT string_agg(open, ',') FROM shop") == "no,no")
    let text = try await book.andon("postmortem", "create", "INC-1", "--out", "-").stdout
    let impact = text.components(separatedBy: "\n## ").first { $0.hasPrefix("Impact") } ?? ""
    let rows = impact.split(separator: "\n").filter { $0.hasPrefix("| Close ") }
    #expect(rows.count == 2, "\(impact)")
    #expect(rows.first?.contains(#"| read {"open":"yes"} (entry "#) == true, "\(impact)")
    #expect(rows.first?.contains(#") | read {"open":"no"} |"#) == true, "\(impact)")
    #expect(rows.last?.contains(#"| ok | – | read {"open":"no"} |"#) == true, "\(impact)")
    #expect(impact.contains("| open_before | yes | Look |"), "\(impact)")
  }
}
