public import Engine
public import IncidentModel
import Journaling

/// What a process that drives a run knows of earlier runs of the same playbook.
public struct StepHistory: Sendable, Hashable {
  public static let none = StepHistory(earlier: .none, since: nil)

  let earlier: EarlierRuns
  /// When this process took the run up; `nil` where nothing is known.
  let since: Timestamp?

  /// How long a step took in earlier runs of the same kind, drills apart from real ones.
  public subscript(step: StepID) -> EarlierRuns.Usual? { earlier.usual(step) }

  private init(earlier: EarlierRuns, since: Timestamp?) {
    self.earlier = earlier
    self.since = since
  }

  init(
    of playbook: String, drill: Bool, before run: RunID, since: Timestamp, reader: JournalReader
  ) throws(JournalError) {
    func traces(_ drill: Bool) throws(JournalError) -> [RunTrace] {
      try reader.traces(of: playbook, drill: drill, before: run, runs: EarlierRuns.looksBack)
    }
    self.init(
      earlier: EarlierRuns(real: try traces(false), drills: try traces(true), isDrill: drill), since: since)
  }
}
