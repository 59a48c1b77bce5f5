internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Reporting

struct PostmortemSummary: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, md, json
  }

  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "What whoever takes over an incident has to know.",
    discussion: """
      How it stands, which clocks run, what waits for somebody, what was true when it was last looked at, what happened, \
      and what to type next. Without INC it is the only open incident. Changes nothing.

      Examples:
        andon postmortem summary
        andon postmortem summary INC-42 --since 2h
        andon postmortem summary --since 03:14 --format md
      """)

  @Argument(help: "The incident.", completion: .incidents)
  var incident: String?

  @Option(help: ArgumentHelp("Tell what happened since a moment, or for a time: 2h.", valueName: "WHEN"))
  var since: String?

  @Option(help: "text, md or json.")
  var format = Format.text

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    let now = assembly.time.read().wall
    let from = try since.map { try Moment.back($0, flag: "--since", now: now) }
    let id = try OpenIncident(reader: reader).chosen(TimelineCommand.incident(incident))
    let report = HandoverReport(
      try IncidentFile(id, reader: reader), now: now, since: from, isDriven: assembly.isDriven)
    switch global.json ? .json : format {
    case .text: assembly.screen.record(report.text(assembly.layout))
    case .md: assembly.screen.record(report.markdown)
    case .json: assembly.screen.record(try report.json())
    }
  }
}
