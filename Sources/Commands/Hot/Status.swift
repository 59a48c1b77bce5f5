internal import ArgumentParser
internal import Console
internal import Foundation
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
    let reader: JournalReader?
    do { reader = try JournalReader(directory: assembly.stateDirectory) } catch {
      throw CommandFailure(.journal, error.problem)
    }
    let now = assembly.time.read().wall
    let report =
      try reader.map { try StatusReport(reader: $0, now: now, reports: duty(assembly), isDriven: assembly.isDriven) }
      ?? StatusReport(Register([]), openRuns: [], now: now)
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }

  /// What `severity.yaml` asks of postmortems, and which lie in the state folder.
  private func duty(_ assembly: Assembly) -> ReportDuty {
    // A scale that cannot be read must not keep anybody from seeing what is open.
    let scale = try? assembly.library.severityScale()
    let folder = "\(assembly.stateDirectory)/reports"
    return ReportDuty { severity in
      scale?[severity]?.windows.first { $0.name == "post_incident" }?.length
    } isWritten: { incident in
      FileManager.default.fileExists(atPath: "\(folder)/\(incident).md")
    }
  }
}
