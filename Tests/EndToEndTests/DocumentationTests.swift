import Foundation
import TestSupport
import Testing

@Suite("What the documents say", .inTurn, .timeLimit(.minutes(3)))
struct DocumentationTests {
  /// The `andon …` lines of the README's shell blocks, without their remarks.
  private static func readmeCommands() throws -> [String] {
    let text = try String(contentsOfFile: Repository.file("README.md"), encoding: .utf8)
    let blocks = text.components(separatedBy: "```sh\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    let lines = blocks.flatMap { $0.split(separator: "\n").map(String.init) }
    return lines.filter { $0.hasPrefix("andon ") }.map { line in
      let command = line.components(separatedBy: "  #").first ?? line
      return command.trimmingCharacters(in: .whitespaces)
    }
  }

  @Test("Every andon command of the README works as it stands there, in its order")
  func readme() async throws {
    let folder = try TemporaryFolder()
    let commands = try Self.readmeCommands()
    #expect(commands.count >= 8)
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "USER": "reader", "ANDON_STATE": folder.file("state"),
      "ANDON": AndonProgram.path,
    ]
    for command in commands {
      let script = "set -e; andon() { \"$ANDON\" \"$@\"; }; " + command
      let result = try await RunningProgram(["/bin/sh", "-c", script], environment: environment).wait(
        within: .seconds(60))
      // A pull is parked when it has done all that is not left to a person.
      #expect(
        result.code == (command.contains("andon pull") && !command.contains(" -n") ? 4 : 0), "\(command): \(result)")
    }
  }

  @Test("The README names the two commands that set everything up")
  func setUp() throws {
    let text = try String(contentsOfFile: Repository.file("README.md"), encoding: .utf8)
    #expect(text.contains("\nmake demo\n"))
    #expect(text.contains("\nmake test\n"))
  }

  @Test("Every link of the README and of docs/ leads to a file that is there")
  func links() throws {
    let documents = try FileManager.default.subpathsOfDirectory(atPath: Repository.file("docs")).map { "docs/\($0)" }
    for document in ["README.md"] + documents.filter({ $0.hasSuffix(".md") }) {
      let text = try String(contentsOfFile: Repository.file(document), encoding: .utf8)
      let folder = (Repository.file(document) as NSString).deletingLastPathComponent
      for link in text.matches(of: /\]\(([^)#:]+)\)/) {
        #expect(
          FileManager.default.fileExists(atPath: "\(folder)/\(link.1)"), "\(document) links to \(link.1)")
      }
    }
  }

  @Test(
    "Every kind of action has its section in the playbook reference",
    arguments: [
      "sql", "http", "command", "shell", "manual", "notify", "wait", "monitor", "assert", "set", "parallel", "playbook",
      "incident", "if", "verify",
    ])
  func reference(kind: String) throws {
    let text = try String(contentsOfFile: Repository.file("docs/playbook-reference.md"), encoding: .utf8)
    #expect(text.contains("\n## `\(kind)`\n"))
  }

  @Test("The schema that editors read is the one this andon prints")
  func schema() async throws {
    let printed = try await AndonProgram(environment: ["PATH": "/usr/bin:/bin"]).run(["playbook", "schema"])
    let shipped = try String(contentsOfFile: Repository.file("playbooks/playbook.schema.json"), encoding: .utf8)
    #expect(printed.stdout == shipped, "make it anew: andon playbook schema > playbooks/playbook.schema.json")
  }

  @Test("Help opens with what one needs at 3 a.m., and every command's help has an example")
  func help() async throws {
    let andon = AndonProgram(environment: ["PATH": "/usr/bin:/bin"])
    let top = try await andon.run(["--help"])
    #expect(top.code == 0)
    for command in ["andon pull", "andon status", "andon run"] { #expect(top.stdout.contains(command)) }
    for command in [
      ["pull"], ["run"], ["resume"], ["status"], ["note"], ["show"], ["history"], ["playbook", "list"],
      ["playbook", "show"], ["playbook", "check"], ["playbook", "schema"], ["journal", "verify"],
      ["journal", "export"],
      ["postmortem", "create"], ["notify", "outbox"], ["sandbox"],
    ] {
      let text = try await andon.run(command + ["--help"]).stdout
      #expect(text.contains("andon \(command.joined(separator: " "))"), "\(command) has no example")
      #expect(text.contains("Example"), "\(command) has no example")
    }
  }
}
