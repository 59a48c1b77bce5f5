internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Reporting

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Open incidents, runs and clocks, and what to type next.",
    discussion: "Example:\n  andon status")

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let reader: JournalReader?
    do { reader = try JournalReader(directory: assembly.stateDirectory) } catch {
      throw CommandFailure(.journal, error.problem)
    }
    let now = assembly.time.read().wall
    let report =
      try reader.map { try StatusReport(reader: $0, now: now, isDriven: assembly.isDriven) }
      ?? StatusReport(Register([]), openRuns: [], now: now)
    assembly.screen.record(global.json ? try report.json() : report.text())
  }
}
