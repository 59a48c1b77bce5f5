internal import ArgumentParser
internal import Console
internal import Foundation
internal import IncidentModel
internal import Reporting

struct PostmortemCreate: ParsableCommand {
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
    let reader = try assembly.openReader()
    if global.json && out == nil { return assembly.screen.record(try Postmortem(id, reader: reader).json()) }
    let report = try FreshReport(id, reader: reader).text
    if out == "-" { return assembly.screen.record(report) }
    let path = out ?? assembly.reportPath(of: id)
    if out == nil {
      let folder = (path as NSString).deletingLastPathComponent
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    var new = NewFile(path: path)
    new.whenThere = "Name another file with --out FILE, or refresh this one: andon postmortem update \(path)"
    try new.write(report)
    assembly.screen.record(
      global.json ? #"{"schema_version":1,"file":\#(Value.text(path).jsonText)}"# : "Postmortem written to \(path)")
  }
}

extension Assembly {
  /// Where the report of an incident is written to when nobody names a file.
  func reportPath(of incident: IncidentID) -> String { "\(stateDirectory)/reports/\(incident).md" }
}
