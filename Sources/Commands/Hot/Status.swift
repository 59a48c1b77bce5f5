internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Open incidents, runs and clocks, and what to type next.",
    discussion: """
      Says what is open and what to type next; with nothing open, how to begin. Changes nothing.

      Examples:
        andon status
        andon status --json
      """)

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    assembly.mentionSpools()
    let reader: JournalReader?
    do { reader = try JournalReader(directory: assembly.stateDirectory) } catch {
      throw CommandFailure(.journal, error.problem)
    }
    let now = assembly.time.read().wall
    let open =
      try reader.map {
        try StatusReport(reader: $0, now: now, reports: assembly.reportDuty, isDriven: assembly.isDriven)
      } ?? StatusReport(Register([]), openRuns: [], now: now)
    let report = open.mentioning(late: try assembly.schedule(reader, environment: nil).late)
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }
}
