internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Reporting

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an incident or a run from the journal.",
    discussion: """
      Examples:
        andon show INC-42
        andon show RUN-107
        andon show RUN-107 --step pause-contract
        andon show RUN-107 --json
      """)

  @Argument(help: "INC-1 or RUN-1.", completion: .records)
  var id: String

  @Option(
    help: ArgumentHelp("One step of a run with all it printed: its id, or its number.", valueName: "STEP"),
    completion: .recordedSteps)
  var step: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    do { try show(reader, assembly) } catch let problem as Problem { throw CommandFailure(.usage, problem) }
  }

  private func show(_ reader: JournalReader, _ assembly: Assembly) throws {
    if let run = RunID(id) {
      var report = try RunReport(run, reader: reader)
      report.notice(isDriven: assembly.isDriven)
      if let step {
        let detail = try report.step(step)
        assembly.screen.record(global.json ? try detail.json() : detail.text(assembly.layout))
      } else {
        assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
      }
    } else if let incident = IncidentID(id) {
      let report = try IncidentReport(incident, reader: reader)
      assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
    } else {
      throw CommandFailure(.usage, "'\(id)' is not of the form INC-1 or RUN-1", advice: "andon history lists them.")
    }
  }
}
