import Foundation
import IncidentModel
import TestSupport
import Testing

@Suite("The postmortem", .inTurn, .needsDatabase, .timeLimit(.minutes(40)))
struct PostmortemTests {
  @Test("It has every heading that a reader looks for, and names the hash of the incident's last entry")
  func headingsAndHead() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let path = platform.folder.file("report.md")
    let before = try JournalFile(platform).entries.count
    let result = try await platform.andon("postmortem", "create", "INC-1", "--out", path)
    #expect(result.code == 0, "\(result)")
    #expect(result.stdout.contains(path))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }.joined(separator: "\n").lowercased()
    for heading in [
      "severity", "metrics", "targets", "impact", "timeline", "what is true now", "communications", "runbook problems",
      "follow-ups", "contributing factors", "what went well", "what went badly", "where we got lucky",
      "lessons learned", "action items",
    ] { #expect(headings.contains(heading), "no heading '\(heading)' in:\n\(headings)") }
    let last = try #require(try JournalFile(platform).entries.last { $0.incident == 1 })
    #expect(text.contains(last.hash), "the report does not name \(last.seq):\(last.hash)")
    for step in ["Disable trading in the database", "No new order can be created", "Post the update to Discord"] {
      #expect(text.contains(step))
    }
    #expect(text.contains("P0"))
    #expect(try JournalFile(platform).entries.count == before, "writing a report appended something")
    #expect(try await platform.andon("journal", "verify").code == 0)
  }

  @Test("Without --out it goes to the state folder, and a file that is there is never replaced")
  func refusesToOverwrite() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    #expect(try await platform.andon("postmortem", "create", "INC-1").code == 0)
    let path = "\(platform.state)/reports/INC-1.md"
    try Data("written by a person".utf8).write(to: URL(filePath: path))
    for arguments in [[], ["--out", path]] {
      let again = try await AndonProgram(environment: platform.variables).run(
        ["postmortem", "create", "INC-1"] + arguments)
      #expect(again.code != 0)
      #expect(again.stderr.contains(path) && again.stderr.contains("--out"), "\(again)")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "written by a person")
    }
  }

  @Test("What failed stands in it, with the reason")
  func failuresAreTold() async throws {
    let platform = try Platform()
    try platform.database.query("DELETE FROM trades_config WHERE key = 'TRADES_ENABLED'")
    #expect(try await platform.pull().code == 1)
    let result = try await platform.andon("postmortem", "create", "INC-1", "--out", "-")
    #expect(result.code == 0, "\(result)")
    let steps = result.stdout.components(separatedBy: "\n## ").first { $0.hasPrefix("What was done") } ?? ""
    #expect(steps.contains("FAILED") || steps.contains("failed"), "\(steps)")
    #expect(steps.contains("0 rows"), "\(steps)")
  }

  @Test("An incident that is not there is named, and no file is left behind")
  func unknownIncident() async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let path = platform.folder.file("none.md")
    let result = try await platform.andon("postmortem", "create", "INC-7", "--out", path)
    #expect(result.code != 0)
    #expect(result.stderr.contains("INC-7"), "\(result)")
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(
    "Every command that reads gives one JSON object under --json",
    arguments: [
      "status", "history", "show INC-1", "show RUN-1", "show RUN-1 --step disable-trades", "journal verify",
      "playbook list", "playbook show pause-trading", "playbook check", "notify outbox", "postmortem create INC-1",
      "pull pause-trading -n", "run resume-trading -n",
    ])
  func jsonParses(command: String) async throws {
    let platform = try Platform()
    #expect(try await platform.pull().code == 4)
    let words = command.split(separator: " ").map(String.init) + ["--json"]
    let result = try await AndonProgram(environment: platform.variables).run(words)
    #expect(result.code == 0, "\(result)")
    let json = try Value.json(Data(result.stdout.utf8))
    #expect(json["schema_version"]?.displayText == "1", "\(result)")
  }

  @Test("pull itself under --json is one object, and under --jsonl one event a line")
  func machineReadablePull() async throws {
    let platform = try Platform()
    let object = try await platform.pull("--json")
    #expect(object.code == 4, "\(object)")
    #expect(try Value.json(Data(object.stdout.utf8))["run"]?["id"]?.displayText == "RUN-1", "\(object)")
    let lines = try await platform.pull("--jsonl")
    #expect(lines.code == 4, "\(lines)")
    let events = try lines.stdout.split(separator: "\n").map { try Value.json(Data($0.utf8)) }
    #expect(events.count > 10)
  }
}
