internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Playbooks

struct PlaybookNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a file to begin a playbook with.",
    discussion: """
      It passes 'andon playbook check'; what is left to fill in is marked TODO,
      and the check lists it. Never replaces a file.

      Examples:
        andon playbook new maintenance rotate-logs
        andon playbook new emergency block-withdrawals --out drafts/block-withdrawals.yaml
        andon playbook new deployment worker --out -
      """)

  @Argument(
    help: ArgumentHelp(
      "The kind: \(PlaybookKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind"))
  var kind: PlaybookKind

  @Argument(help: ArgumentHelp("The id: small letters, digits and '-'; the file's name.", valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp("The file to write; - prints it.", valueName: "FILE"), completion: .file())
  var out: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    guard let starter = StartingPlaybook(kind: kind, id: id) else {
      throw CommandFailure(
        .usage, "'\(id.visible)' cannot be the id of a playbook",
        advice: "Use small letters, digits and '-': rotate-logs")
    }
    let home = "\(assembly.library.directory)/\(kind.rawValue)/\(id).yaml"
    let schema = "\(assembly.library.directory)/playbook.schema.json"
    if out == "-" {
      return assembly.screen.record(String(starter.text(schema: RelativePath(from: home, to: schema).text).dropLast()))
    }
    try refuseTwins(assembly.library)
    let path = out ?? home
    guard (path as NSString).lastPathComponent == "\(id).yaml" else {
      throw CommandFailure(
        .usage, "a playbook is found by its file's name, and \(path.visible) is not \(id).yaml",
        advice: "Name the file \(id).yaml, or print it with --out -.")
    }
    if out == nil {
      try assembly.requirePlaybooks()
      try? FileManager.default.createDirectory(
        atPath: (home as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    }
    try NewFile(path: path, mode: 0o644).write(starter.text(schema: RelativePath(from: path, to: schema).text))
    if global.json {
      return assembly.screen.record(#"{"schema_version":1,"file":\#(Value.text(path).jsonText)}"#)
    }
    assembly.screen.record("Written to \(path.visible)")
    assembly.screen.hint("Fill in what is marked TODO, then: andon playbook check \(path.visible)")
  }

  /// Two playbooks of one id could not be told apart by it.
  private func refuseTwins(_ library: PlaybookLibrary) throws {
    guard library.ids().contains(id) else { return }
    let path = try? library.find(id)
    throw CommandFailure(
      .usage, "there is a playbook '\(id)' already\(path.map { ": \($0.visible), which was not touched" } ?? "")",
      advice: "Choose another id.")
  }
}

extension PlaybookKind: ExpressibleByArgument {}
