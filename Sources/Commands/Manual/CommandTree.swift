internal import ArgumentParser
internal import Foundation

/// A command as the parser itself describes it, with everything below it.
struct CommandTree: Decodable {
  let commandName: String
  let superCommands: [String]?
  let abstract: String?
  let discussion: String?
  let shouldDisplay: Bool?
  private let subcommands: [CommandTree]?
  private let arguments: [Argument]?

  struct Argument: Decodable {
    let kind: String
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let abstract: String?
    let isOptional: Bool
    let isRepeating: Bool
    let shouldDisplay: Bool

    struct Name: Decodable {
      let kind: String
      let name: String
      /// `-n` or `--dry-run`
      var text: String { (kind == "long" ? "--" : "-") + name }
    }
  }

  /// The words that call it: `andon playbook list`.
  var words: [String] { (superCommands ?? []) + [commandName] }
  var positionals: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.kind == "positional" } }
  var options: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.kind != "positional" } }

  /// Those that help shows, without `help` itself.
  var children: [CommandTree] {
    (subcommands ?? []).filter { $0.shouldDisplay != false && $0.commandName != "help" }
  }

  /// The whole tree of `andon`.
  static func whole() throws -> CommandTree {
    struct Dump: Decodable { let command: CommandTree }
    return try JSONDecoder().decode(Dump.self, from: Data(Andon._dumpHelp().utf8)).command
  }
}
