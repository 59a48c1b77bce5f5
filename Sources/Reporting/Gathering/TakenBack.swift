internal import Engine
public import IncidentModel
internal import Playbooks

/// A run whose playbook was taken back by a later run of its inverse: what it proved is no longer the last word.
public struct TakenBack: Sendable, Hashable, Codable {
  public let run: RunID
  public let by: RunID

  /// - Parameter runs: of one incident, in the order they were started.
  static func all(among runs: [RunAccount]) -> [TakenBack] {
    runs.indices.compactMap { index in
      let run = runs[index]
      return runs[(index + 1)...].last { $0.takesBack(run) }.map { TakenBack(run: run.id, by: $0.id) }
    }
  }
}

extension RunAccount {
  fileprivate func takesBack(_ earlier: RunAccount) -> Bool {
    let isInverse =
      earlier.state.playbook.inverse == start.playbook || state.playbook.inverse == earlier.start.playbook
    return isInverse && state.phase == .done && start.environment == earlier.start.environment
      && start.drill == earlier.start.drill
  }
}
