import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("andon metrics", .inTurn, .timeLimit(.minutes(40)))
struct MetricsTests {
  private let book: TestPlaybooks

  init() throws {
    book = try TestPlaybooks()
    let flag = book.folder.file("flag")
    try book.add(
      "stop",
      top: "severity: P0\ntags: [money, orders]\nkill_switch: {word: STOP}\ntargets: {contain: 5m, notify: 15m}",
      steps: """
        - id: gate
          name: Shut the gate
          target: contain
          effect: write
          shell: {run: "echo shut > '\(flag)'"}
          verify: {command: {run: [cat, "\(flag)"]}, until: trim(stdout) == "shut", within: 100ms, every: 50ms}
        - id: pause
          name: Wait for it
          wait: {for: 150ms}
        - id: check
          name: Look whether all is well
          target: notify
          shell: {run: "test ! -e '\(book.folder.file("broken"))'"}
          effect: read
        """)
  }

  private func pull(_ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: book.environment).run(["pull", "stop", "--confirm", "STOP"] + more)
  }

  private func metrics(_ more: String...) async throws -> ProgramResult {
    try await AndonProgram(environment: book.environment).run(["metrics"] + more)
  }

  private func json(_ more: String...) async throws -> Record {
    try Record(await AndonProgram(environment: book.environment).run(["metrics", "--json"] + more))
  }

  /// Three incidents, the last of which failed, and a drill between them.
  private func season() async throws {
    for (place, ago) in [9, 7].enumerated() {
      try #require(await pull("--detected-at", "\(ago)m ago").code == 0)
      try #require(await book.andon("mitigate", "INC-\(place + 1)").code == 0)
      try #require(await book.andon("resolve", "INC-\(place + 1)").code == 0)
    }
    try #require(await pull("--drill", "--env", "test").code == 0)
    FileManager.default.createFile(atPath: book.folder.file("broken"), contents: nil)
    try #require(await pull().code == 1)
  }

  private func group(_ name: String, _ figure: String, _ record: Record) throws -> Value {
    let groups = record.json["groups"]?.items ?? []
    let group = try #require(groups.first { $0.text("group") == name }, "\(record.json)")
    return try #require(group["times"]?.items.first { $0.text("name") == figure })
  }

  @Test("The figures of real runs are those that Python's statistics make of what the journal says of each incident")
  func figures() async throws {
    try await season()
    let record = try await json()
    #expect(record.json["incidents"]?.items.map { $0.text("id") } == ["INC-1", "INC-2", "INC-4"])
    #expect(record["drills_left_out"] == "1")
    // The times of each incident, from what show tells of it.
    var times: [Int] = []
    for id in ["INC-1", "INC-2"] {
      let incident = try await book.record(id).json["incident"] ?? .null
      let moments = incident["milestones"] ?? .null
      let detected = try #require(Timestamp(moments.text("detected")))
      let resolved = try #require(Timestamp(moments.text("resolved")))
      times.append(Int((resolved - detected).wholeMilliseconds))
    }
    let resolve = try group("P0", "ttr", record)
    #expect(resolve["dots"]?.items.map { Int($0.text("milliseconds")) } == times)
    let python = try #require(Repository.python)
    let script = "import statistics as s; t=\(times); print(int(s.median(t)), round(s.mean(t)+1e-9), sorted(t)[-1])"
    let told = try await RunningProgram([python, "-c", script], environment: [:]).wait().stdout
    let figures = ["median_milliseconds", "mean_milliseconds", "p90_milliseconds"].map { resolve.text($0) }
    #expect(figures.joined(separator: " ") == told.split(whereSeparator: \.isNewline).joined())
    #expect(resolve["missing"]?.items.first?.text("why") == "'resolved' is not recorded")
  }

  @Test("What went wrong in a run is in the figures: a clock not reached, a step that failed, an incident that repeats")
  func faults() async throws {
    try await season()
    let record = try await json()
    let targets = record.json["targets"]?.items ?? []
    let notify = try #require(targets.first { $0.text("target") == "notify" }?["tally"])
    #expect(notify.text("met") == "2" && notify.text("not_reached") == "1", "\(targets)")
    let steps = record.json["steps"]?.items ?? []
    let check = try #require(steps.first { $0.text("step") == "check" })
    #expect(check.text("runs") == "3" && check.text("failed") == "1" && check.text("failure_rate_percent") == "33")
    let pause = try #require(steps.first { $0.text("step") == "pause" })
    let recorded = pause["milliseconds"]?.items.compactMap { Int($0.displayText) } ?? []
    #expect(recorded.count == 3 && recorded.allSatisfy { $0 >= 150 }, "\(pause)")
    // The same that show tells of each run; RUN-3 is the drill.
    var shown: [Int] = []
    for run in ["RUN-1", "RUN-2", "RUN-4"] {
      shown.append(Int(try await book.record(run).step("pause").json.text("milliseconds")) ?? -1)
    }
    #expect(recorded == shown)
    let names = record.json["repeats"]?.items.map { $0.text("name") }
    #expect(names == ["stop", "money", "orders"])
    let drill = try #require(record.json["drills"]?.items.first)
    let score = try await book.record("RUN-3").json["drill"] ?? .null
    let proved = score["steps"]?.items.filter { $0.text("result") == "verified" }.count
    #expect(
      drill.text("verified") == "\(proved ?? -1)" && drill.text("steps") == "\(score["steps"]?.items.count ?? -1)")
    #expect(drill.text("milliseconds") == score.text("milliseconds"))

    let text = try await metrics().stdout
    #expect(text.contains(/stop notify +\[######----\] +met 2 of 3, 1 not reached/), "\(text)")
    #expect(text.contains("3 incidents; 1 drill left out") && text.contains("left out: 1, because"), "\(text)")
    for line in text.components(separatedBy: "\n") { #expect(line.displayWidth <= 80, "\(line)") }
  }

  @Test("A drill alone is no incident, and an empty time has no figures")
  func drillsAlone() async throws {
    #expect(try await metrics().code == 65, "there is no journal yet")
    try #require(await pull("--drill", "--env", "test").code == 0)
    let record = try await json()
    #expect(record.json["incidents"]?.items.isEmpty == true && record["drills_left_out"] == "1")
    #expect(try await metrics().stdout.contains("No incident was detected in that time."))
    let none = try await json("--until", "2001-01-01")
    #expect(none["drills_left_out"] == "0")
  }

  @Test("A window, a grouping and another anchor choose what is counted; wrong ones are refused and named")
  func options() async throws {
    try await season()
    #expect(try await json("--since", "8m").json["incidents"]?.items.map { $0.text("id") } == ["INC-2", "INC-4"])
    #expect(try await json("--until", "8m").json["incidents"]?.items.map { $0.text("id") } == ["INC-1"])
    let groups = try await json("--by", "label").json["groups"]?.items.map { $0.text("group") }
    #expect(groups == ["money", "orders", "all"])
    let declared = try group("all", "ttr", await json("--from", "declared"))
    let detected = try group("all", "ttr", await json())
    #expect(declared.text("from") == "declared")
    let (one, other) = (Int(declared.text("median_milliseconds")) ?? 0, Int(detected.text("median_milliseconds")) ?? 0)
    #expect(one > 0 && one < 60_000 && other > 400_000, "\(one) \(other)")
    #expect(try group("all", "ttr", await json("--from", "started")).text("count") == "0")
    for wrong in [["--by", "colour"], ["--since", "soon"], ["--csv", "--json"], ["--since", "1d", "--until", "2d"]] {
      let result = try await AndonProgram(environment: book.environment).run(["metrics"] + wrong)
      #expect(result.code == 64, "\(wrong): \(result)")
    }
  }

  @Test("The spreadsheet has a row for each incident, and is one that Python's csv reads back")
  func spreadsheet() async throws {
    try await season()
    let file = book.folder.file("incidents.csv")
    try #require(await metrics("--csv", "--out", file).code == 0)
    #expect(try await metrics("--csv").stdout == String(contentsOfFile: file, encoding: .utf8))
    #expect(try await metrics("--csv", "--out", file).code == 64, "a file that is there is never replaced")
    let script = """
      import csv, sys
      rows = list(csv.DictReader(open(sys.argv[1], newline='')))
      print(len(rows), rows[0]['incident'], rows[0]['playbooks'], int(rows[0]['ttr_ms']) > 0, rows[2]['ttr_ms'] == '')
      """
    let python = try #require(Repository.python)
    let told = try await RunningProgram([python, "-c", script, file], environment: [:]).wait()
    #expect(told.stdout.hasPrefix("3 INC-1 stop True True"), "\(told)")
  }

  @Test("The page is whole, runs nothing and loads nothing, whatever an incident is called; each incident has its dot")
  func page() async throws {
    try await season()
    let hostile = "</title><script>alert(1)</script><img src=x onerror=alert(1)> & \u{202E}evil"
    try #require(await book.andon("incident", "edit", "INC-1", "--title", hostile).code == 0)
    try book.add("evil", top: "tags: ['<b onload=x>', '\"><script>']", steps: "- {id: a, wait: {for: 1ms}}")
    _ = try await book.run("evil", "--incident", "INC-1")
    let file = book.folder.file("figures.html")
    try #require(await metrics("--by", "label", "--format", "html", "--out", file).code == 0)
    let script = """
      import sys
      from html.parser import HTMLParser
      VOID = {'meta', 'br', 'hr', 'img', 'link', 'input'}
      class Page(HTMLParser):
          def __init__(self):
              super().__init__(); self.open = []; self.seen = {}; self.bad = []
          def handle_starttag(self, tag, attributes):
              self.seen[tag] = self.seen.get(tag, 0) + 1
              if tag not in VOID: self.open.append(tag)
              for name, value in attributes:
                  if name.startswith('on') or name in ('src', 'href'): self.bad.append((tag, name, value))
          def handle_startendtag(self, tag, attributes):
              self.seen[tag] = self.seen.get(tag, 0) + 1
          def handle_endtag(self, tag):
              if not self.open or self.open.pop() != tag: self.bad.append(('end', tag))
      page = Page(); page.feed(open(sys.argv[1], encoding='utf-8').read()); page.close()
      print('open', page.open, 'bad', page.bad, 'active', [t for t in page.seen if t in ('script', 'img', 'iframe', 'b')])
      print('circles', page.seen.get('circle', 0), 'svg', page.seen.get('svg', 0))
      """
    let python = try #require(Repository.python)
    let told = try await RunningProgram([python, "-c", script, file], environment: [:]).wait()
    #expect(told.stdout.hasPrefix("open [] bad [] active []"), "\(told)")
    let record = try await json("--by", "label")
    let dots = record.json["groups"]?.items.flatMap { $0["times"]?.items ?? [] }.flatMap { $0["dots"]?.items ?? [] }
    #expect(told.stdout.contains("circles \(dots?.count ?? -1) "), "\(told)")
    let html = try String(contentsOfFile: file, encoding: .utf8)
    #expect(html.contains("default-src 'none'") && !html.contains("\u{202E}"))
  }

  @Test("In a terminal of 40 columns everything fits, and nothing depends on colour")
  func narrow() async throws {
    try await season()
    let terminal = try Terminal(
      [AndonProgram.path, "metrics", "--by", "playbook"], environment: book.environment, columns: 40)
    let shown = try await terminal.wait().stdout
    for line in shown.split(whereSeparator: \.isNewline) { #expect(String(line).displayWidth <= 40, "\(line)") }
    #expect(shown.contains("|") && !shown.utf8.contains(0x1B), "\(shown)")
  }
}
