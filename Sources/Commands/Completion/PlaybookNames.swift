internal import Engine
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// What a shell may offer of the playbook library.
struct PlaybookNames {
  let library: PlaybookLibrary

  /// By their files' names: nothing is opened.
  var all: [String] { library.ids() }

  var killSwitches: [String] { library.killSwitches().map(\.id) }

  var monitors: [String] { (try? library.monitors().monitors.map(\.id)) ?? [] }

  var environments: [String] { library.environmentNames() }

  /// The steps of the first playbook that a line names; without one, of the kill switches.
  func steps(namedBy words: [String]) -> [String] {
    let ids = Set(all)
    guard let name = words.first(where: { ids.contains($0) || $0.hasSuffix(".yaml") }) else {
      return library.killSwitches().flatMap(\.stepNames)
    }
    guard let path = try? library.find(name), let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      return []
    }
    return PlaybookLoader(library: nil).load(text: text, file: path).playbook?.stepNames ?? []
  }
}

extension PlaybookLibrary {
  /// Every kill switch, without the rules that need its neighbours. Only files that mention the key are parsed: the
  /// others cannot be one.
  func killSwitches() -> [Playbook] {
    paths().compactMap { path in
      guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains("kill_switch") else {
        return nil
      }
      let playbook = PlaybookLoader(library: nil).load(text: text, file: path).playbook
      return playbook?.killSwitch == nil ? nil : playbook
    }
  }
}

extension Playbook {
  /// The ids of its steps, in their order.
  var stepNames: [String] { RunState(playbook: self).actingSteps.map(\.step.id.rawValue) }
}
