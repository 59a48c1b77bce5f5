internal import Console
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// Finds and loads the playbook that a command names.
struct PlaybookChoice {
  let assembly: Assembly

  /// Throws with every mistake shown when the playbook has any.
  func load(_ name: String) throws -> Playbook {
    try assembly.requirePlaybooks()
    let path: String
    do { path = try assembly.library.find(name) } catch { throw CommandFailure(.usage, error) }
    let result = PlaybookLoader(library: assembly.library).load(path: path)
    if let playbook = result.playbook { return playbook }
    for diagnostic in result.diagnostics where diagnostic.level == .error { assembly.screen.warn(diagnostic.text) }
    throw CommandFailure(
      .data, "\(path) has mistakes and was not run", advice: "Correct them, then: andon playbook check \(name)")
  }

  /// The only kill switch there is; else says which exist.
  func loadKillSwitch(_ name: String?) throws -> Playbook {
    if let name {
      let playbook = try load(name)
      guard playbook.killSwitch != nil else {
        throw CommandFailure(
          .usage, "'\(playbook.id)' is not a kill switch", advice: "Run it with: andon run \(playbook.id)")
      }
      return playbook
    }
    try assembly.requirePlaybooks()
    let switches = try assembly.library.killSwitches().map { try load($0.source.file) }
    switch switches.count {
    case 1: return switches[0]
    case 0:
      throw CommandFailure(
        .usage, "there is no kill switch in \(assembly.library.directory)",
        advice: "andon playbook list shows what there is.")
    default:
      throw CommandFailure(
        .usage, "which kill switch? There are: \(switches.map(\.id).joined(separator: ", "))",
        advice: "For example: andon pull \(switches[0].id)")
    }
  }
}
