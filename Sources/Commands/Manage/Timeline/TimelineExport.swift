internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

struct TimelineExport: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case md, csv, json, mermaid
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the timeline for other programs and people.",
    discussion: """
      md is a table of Markdown, csv opens in any spreadsheet, json is for programs, mermaid draws the steps as bars. \
      A file that is there is never replaced.

      Examples:
        andon timeline export INC-42 --format md
        andon timeline export INC-42 --format csv --out timeline.csv
      """)

  @Argument(help: "The incident.", completion: .incidents)
  var incident: String?

  @Option(help: "md, csv, json or mermaid.")
  var format: Format

  @Option(help: ArgumentHelp("The file to write; without it, or with -, it is printed.", valueName: "FILE"))
  var out: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    let id = try OpenIncident(reader: reader).chosen(TimelineCommand.incident(incident))
    let text = try rendered(TimelineReport(id, reader: reader))
    try assembly.handOut(text, to: out, asJSON: global.json) { "Timeline of \(id) written to \($0)" }
  }

  private func rendered(_ report: TimelineReport) throws -> String {
    switch format {
    case .md: return report.markdown
    case .csv: return report.csv
    case .json: return try report.json()
    case .mermaid: do { return try report.mermaid() } catch { throw CommandFailure(.usage, error) }
    }
  }
}
