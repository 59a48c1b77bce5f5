internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Reporting

struct PostmortemCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postmortem", abstract: "Write the report of an incident.",
    discussion: "Example:\n  andon postmortem create INC-42", subcommands: [Create.self])

  struct Create: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Write the Markdown report of an incident from the journal.",
      discussion: """
        Never replaces a file. Reading the journal changes nothing in it.

        Examples:
          andon postmortem create INC-42
          andon postmortem create INC-42 --out postmortem.md
          andon postmortem create INC-42 --out -
        """)

    @Argument(help: "The incident.", completion: .incidents)
    var incident: String

    @Option(help: ArgumentHelp("The file to write; - prints it.", valueName: "FILE"), completion: .file())
    var out: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
      let assembly = Assembly(global)
      guard let id = IncidentID(incident) else {
        throw CommandFailure(.usage, "'\(incident)' is not of the form INC-1", advice: "andon history lists them.")
      }
      let postmortem = try Postmortem(id, reader: assembly.openReader())
      if global.json && out == nil { return assembly.screen.record(try ReportJSON.text(postmortem)) }
      let markdown = PostmortemMarkdown(postmortem).text
      if out == "-" { return assembly.screen.record(markdown) }
      let reports = "\(assembly.stateDirectory)/reports"
      if out == nil { try? FileManager.default.createDirectory(atPath: reports, withIntermediateDirectories: true) }
      let path = out ?? "\(reports)/\(id).md"
      try NewFile(path: path).write(markdown)
      assembly.screen.record(
        global.json ? #"{"schema_version":1,"file":\#(Value.text(path).jsonText)}"# : "Postmortem written to \(path)")
    }
  }
}
