import Foundation
import TestSupport
import Testing

@Suite("What the documents say", .inTurn, .timeLimit(.minutes(40)))
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

  @Test("Help opens with what one needs at 3 a.m., and with the way from there to the report")
  func help() async throws {
    let top = try await AndonProgram(environment: [:]).run(["--help"])
    #expect(top.code == 0)
    let opening = top.stdout.components(separatedBy: "USAGE:")[0]
    let way = ["andon pull", "andon status", "andon run", "andon incident open", "andon postmortem create"]
    let places = way.compactMap { opening.firstRange(of: $0)?.lowerBound }
    #expect(places.count == way.count && places == places.sorted(), "\(opening)")
  }

  @Test("Every command's help has an example, and fits a terminal of 80 columns")
  func examples() async throws {
    let commands = try await CommandDump.ask().commands
    #expect(commands.count > 20)
    for command in commands {
      let text = try await AndonProgram(environment: [:]).run(command.words.dropFirst() + ["--help"]).stdout
      if command.words.count > 1 {
        #expect(text.contains("Example") && text.contains("\n  \(command.line)"), "\(command.line) has no example")
      }
      // The line of usage is the parser's own, which leaves it to the terminal to break it.
      for line in text.split(separator: "\n") where !line.hasPrefix("USAGE:") {
        #expect(line.count <= 80, "\(command.line) --help is too wide: \(line)")
      }
    }
  }

  @Test("What help tells to type exists: the command, its flags, the playbook")
  func examplesExist() async throws {
    let dump = try await CommandDump.ask()
    let library =
      FileManager.default.enumerator(atPath: Repository.file("playbooks"))?.compactMap { $0 as? String } ?? []
    let playbooks = Set(library.map { ($0 as NSString).lastPathComponent })
    var count = 0
    for line in dump.commands.flatMap({ $0.discussion.split(separator: "\n") }) {
      let example = line.trimmingCharacters(in: .whitespaces)
      guard example.hasPrefix("andon ") else { continue }
      count += 1
      // A remark stands behind two spaces; what is quoted is one word, and no flag.
      let typed = example.components(separatedBy: "  ")[0].replacing(/"[^"]*"/, with: "TEXT")
      let words = typed.split(separator: " ").map(String.init)
      let (command, rest) = dump.root.called(by: words.dropFirst())
      let isGroup = !command.children.isEmpty
      #expect(!isGroup, "'\(example)' calls no command")
      for flag in rest where flag.hasPrefix("-") && flag.count > 1 {
        #expect(command.flags.contains(flag), "\(command.line) has no \(flag): '\(example)'")
      }
      let takesPlaybook = ["andon pull", "andon run", "andon playbook show"].contains(command.line)
      if takesPlaybook, let name = rest.first, !name.hasPrefix("-"), name != name.uppercased() {
        let isThere = playbooks.contains("\(name).yaml")
        #expect(isThere, "there is no playbook '\(name)': '\(example)'")
      }
    }
    #expect(count > 30)
  }
}
