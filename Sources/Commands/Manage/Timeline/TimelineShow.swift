internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

struct TimelineShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the timeline of an incident.",
    discussion: """
      Each line: UTC time, time since detection, * for what is starred, what happened, who said or decided it \
      (auto: nobody did), and the number of the journal entry. Without INC it is the only open incident.

      Examples:
        andon timeline show
        andon timeline show INC-42 --all
      """)

  @Argument(help: "The incident.", completion: .incidents)
  var incident: String?

  @Flag(help: "Every entry, also each begin, action, reading and sample of a step.")
  var all = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    let id = try OpenIncident(reader: reader).chosen(TimelineCommand.incident(incident))
    let report = try TimelineReport(id, reader: reader, everything: all)
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }
}
