import Foundation
import IncidentModel
import TestSupport

/// The whole command tree, as the built binary describes it.
struct CommandDump {
  struct Command {
    let json: Value

    /// `andon playbook list`
    var words: [String] {
      (json["superCommands"]?.items.map(\.displayText) ?? []) + [json["commandName"]?.displayText ?? ""]
    }
    var line: String { words.joined(separator: " ") }
    var discussion: String { json["discussion"]?.displayText ?? "" }
    var isHidden: Bool { json["shouldDisplay"] == .bool(false) }
    var children: [Command] { json["subcommands"]?.items.map(Command.init) ?? [] }
    var arguments: [Value] { json["arguments"]?.items ?? [] }
    /// `-n`, `--dry-run`
    var flags: Set<String> {
      Set(
        arguments.flatMap { $0["names"]?.items ?? [] }.map { name in
          (name["kind"]?.displayText == "long" ? "--" : "-") + (name["name"]?.displayText ?? "")
        })
    }
    var all: [Command] { [self] + children.flatMap(\.all) }

    /// The command that a line calls, and the words after it.
    func called(by words: some Collection<String>) -> (command: Command, rest: [String]) {
      guard let first = words.first, let child = children.first(where: { $0.words.last == first }) else {
        return (self, Array(words))
      }
      return child.called(by: words.dropFirst())
    }
  }

  let root: Command

  /// Every command, sub-subcommands included, without `help` itself.
  var commands: [Command] { root.all.filter { $0.line != "andon help" } }

  static func ask() async throws -> CommandDump {
    let result = try await AndonProgram(environment: [:]).run(["--experimental-dump-help"])
    return CommandDump(root: Command(json: try Value.json(Data(result.stdout.utf8))["command"] ?? .null))
  }
}
