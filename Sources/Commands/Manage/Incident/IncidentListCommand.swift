internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Journaling
internal import Reporting

struct IncidentListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The incidents that are open; --all lists every one.",
    discussion: """
      Examples:
        andon incident list
        andon incident list --all
      """)

  @Flag(help: "The closed ones too.")
  var all = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    let incidents = try JournalReader(directory: assembly.stateDirectory).map(incidents) ?? []
    let list = IncidentList(incidents)
    if assembly.wantsJSON { return assembly.screen.record(try list.json()) }
    if incidents.isEmpty {
      assembly.screen.record(all ? "There is no incident yet." : "No incident is open.")
      assembly.screen.hint("Open one with: andon incident open")
    } else {
      assembly.screen.record(list.text(assembly.textOptions))
    }
  }

  private func incidents(_ reader: JournalReader) throws -> [IncidentState] {
    let chosen = try all ? reader.allIncidents() : reader.openIncidents()
    return IncidentState.all(in: try reader.lifecycle(IncidentState.kinds, of: chosen).map(\.event))
  }
}
