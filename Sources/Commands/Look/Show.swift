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
        andon show RUN-107 --step daily-volume --csv
        andon show RUN-107 --json
      """)

  @Argument(help: "INC-1 or RUN-1.", completion: .records)
  var id: String

  @Option(
    help: ArgumentHelp("One step of a run with all it printed: its id, or its number.", valueName: "STEP"),
    completion: .recordedSteps)
  var step: String?

  @Flag(help: "With --step: the rows that it read, for a spreadsheet.")
  var csv = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if csv && global.json { throw ValidationError("--csv and --json are two formats: give one of them") }
  }

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    do { try show(reader, assembly) } catch let problem as Problem { throw CommandFailure(.usage, problem) }
  }

  private func show(_ reader: JournalReader, _ assembly: Assembly) throws {
    if csv && (step == nil || RunID(id) == nil) {
      throw CommandFailure(
        .usage, "--csv needs one step of a run: its rows are the table", advice: "andon show RUN-1 --step STEP --csv")
    }
    if let run = RunID(id) {
      var report = try RunReport(run, reader: reader)
      report.notice(isDriven: assembly.isDriven)
      if let step {
        let detail = try report.step(step)
        if csv { return try exportRows(detail, assembly) }
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

  private func exportRows(_ detail: StepReport, _ assembly: Assembly) throws {
    guard let table = detail.table else {
      throw CommandFailure(
        .usage, "step '\(step ?? "")' of \(id) has no rows on record, so there is no table",
        advice: "Steps that read with 'sql' have; andon show \(id) --step \(step ?? "STEP") shows what this one left.")
    }
    if table.rows.isEmpty { return assembly.screen.hint("no rows") }
    // A record ends the line itself.
    assembly.screen.record(String(table.csv.dropLast()) + "\r")
    if table.count > table.rows.count {
      assembly.screen.warn("only the first \(table.rows.count) of \(table.count) rows were kept")
    }
  }
}
