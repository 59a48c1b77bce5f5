import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The timeline", .inTurn, .timeLimit(.minutes(40)))
struct TimelineCommandTests {
  private let folder: TemporaryFolder
  private let andon: AndonProgram

  /// A drill of the kill switch, parked: INC-1 with RUN-1.
  init() async throws {
    folder = try TemporaryFolder()
    andon = AndonProgram(environment: [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "trainee", "ANDON_STATE": folder.file("state"),
    ])
    let result = try await andon.run(["pull", "--drill", "--confirm", "PAUSE"])
    try #require(result.code == 4, "\(result)")
  }

  private func rows(_ arguments: String...) async throws -> [Value] {
    try Record(await andon.run(["timeline", "show", "--json"] + arguments)).json["timeline"]?.items ?? []
  }

  private func row(_ text: String) async throws -> Value {
    try #require(try await rows("--all").first { $0["event"]?.displayText.contains(text) == true })
  }

  @Test("What is added stands at its moment with its star; automatic lines say so, and each names its entry")
  func addAndShow() async throws {
    let added = try await andon.run(["timeline", "add", "customer called", "--at", "5m ago", "--star"])
    #expect(added.code == 0, "\(added)")
    let entry = try #require(try await row("customer called")["entry"]?.displayText)
    let shown = try await andon.run(["timeline", "show", "INC-1"]).stdout
    #expect(shown.contains(/T-0[45]:\d\d  \* customer called/), "\(shown)")
    #expect(shown.contains("#\(entry)\n"), "\(shown)")
    #expect(shown.contains(/Disable trading in the database: ok, +auto +#\d+\n/), "\(shown)")
    #expect(try await rows("--all").count > (try await rows().count))
  }

  @Test("A star puts an entry into the story and is taken away again; an entry of elsewhere is refused with 64")
  func star() async throws {
    let entry = try #require(try await row("Disable trading in the database: begins")["entry"]?.displayText)
    func isShown() async throws -> Bool { try await rows().contains { $0["entry"]?.displayText == entry } }
    #expect(try await !isShown())
    #expect(try await andon.run(["timeline", "star", entry]).code == 0)
    #expect(try await isShown())
    #expect(try await andon.run(["timeline", "star", "INC-1", "#\(entry)", "--undo"]).code == 0)
    #expect(try await !isShown())
    for wrong in [["1"], ["9999"], ["INC-7", entry], ["x"], ["INC-1", entry, entry]] {
      let result = try await andon.run(["timeline", "star"] + wrong)
      #expect(result.code == 64 && !result.stderr.isEmpty, "\(wrong): \(result)")
    }
    #expect([0, 3].contains(try await andon.run(["journal", "verify"]).code))
  }

  @Test("It is exported as Markdown, CSV, JSON and a chart, to a file that is never replaced")
  func export() async throws {
    #expect(try await andon.run(["note", "=HYPERLINK(\"x\")"]).code == 0)
    let csv = folder.file("timeline.csv")
    let written = try await andon.run(["timeline", "export", "INC-1", "--format", "csv", "--out", csv])
    #expect(written.code == 0 && written.stdout.contains(csv), "\(written)")
    let text = try String(contentsOfFile: csv, encoding: .utf8)
    #expect(text.contains(",\"'=HYPERLINK(\"\"x\"\")\",trainee@"), "\(text)")
    #expect(text.hasSuffix("\r\n"))
    let again = try await andon.run(["timeline", "export", "INC-1", "--format", "md", "--out", csv])
    #expect(again.code == 64 && again.stderr.contains(csv), "\(again)")
    #expect(try String(contentsOfFile: csv, encoding: .utf8) == text)
    #expect(try await andon.run(["timeline", "export", "--format", "md"]).stdout.contains("| Time (UTC) |"))
    #expect(try await andon.run(["timeline", "export", "--format", "mermaid"]).stdout.hasPrefix("gantt\n"))
    let json = try Record(await andon.run(["timeline", "export", "--format", "json"]))
    #expect(json.json["timeline"]?.items.isEmpty == false)
    #expect(try await andon.run(["timeline", "export", "--format", "pdf"]).code == 64)
    #expect(try await andon.run(["timeline", "export"]).code == 64)
  }

  @Test("Bars and markup of a note change no table of the Markdown")
  func markdown() async throws {
    #expect(try await andon.run(["note", "went up | down `at` <b>once</b>"]).code == 0)
    let text = try await andon.run(["timeline", "export", "INC-1", "--format", "md"]).stdout
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.contains { $0.contains(#"went up \| down \`at\` &lt;b&gt;once"#) }, "\(text)")
    let bars = rows.map { $0.replacing(#"\|"#, with: "").count { $0 == "|" } }
    #expect(Set(bars).count == 1, "\(text)")
  }

  @Test(
    "In a terminal of 40 columns no line is wider, and status, show, history and timeline can be read",
    arguments: ["status", "show RUN-1", "show INC-1", "history", "timeline show"])
  func narrow(command: String) async throws {
    var environment = andon.environment
    environment["ANDON"] = AndonProgram.path
    let terminal = try Terminal(
      ["/bin/sh", "-c", "stty cols 40; exec \"$ANDON\" \(command)"], environment: environment)
    let result = try await terminal.wait()
    #expect(result.code == 0)
    let lines = result.stdout.split(whereSeparator: \.isNewline).map(String.init)
    #expect(lines.count > 2)
    // A command to type is never broken.
    for line in lines where !line.hasPrefix("  andon ") { #expect(line.displayWidth <= 40, "\(line)") }
  }

  @Test(
    "Help has an example of each",
    arguments: [["watch"], ["timeline"], ["timeline", "show"], ["timeline", "add"], ["timeline", "star"]])
  func help(command: [String]) async throws {
    let text = try await andon.run(command + ["--help"]).stdout
    #expect(text.contains("Example") && text.contains("\n  andon \(command.joined(separator: " "))"), "\(text)")
  }
}
