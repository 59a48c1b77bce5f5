internal import Engine
internal import IncidentModel
internal import Journaling
internal import Reporting

extension Assembly {
  /// What there is to learn from about a run that is going on; nothing where the journal cannot be read.
  var earlierRuns: @Sendable (RunState) -> EarlierRuns {
    let directory = stateDirectory
    return { state in
      guard let run = state.run, let start = state.start, !run.isProvisional else { return .none }
      // A disk that hangs must not hold up a kill switch.
      let found = Bounded.run(within: .milliseconds(300)) { () -> EarlierRuns? in
        guard let reader = try? JournalReader(directory: directory) else { return nil }
        return try? EarlierRuns(of: start.playbook, drill: start.drill, before: run, reader: reader)
      }
      return (found ?? nil) ?? .none
    }
  }
}
