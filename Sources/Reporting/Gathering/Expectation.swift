public import Engine
public import IncidentModel
public import Journaling

extension EarlierRuns {
  /// The last runs of a playbook before a certain one.
  public init(of playbook: String, drill: Bool, before run: RunID, reader: JournalReader) throws(JournalError) {
    func traces(_ drill: Bool) throws(JournalError) -> [RunTrace] {
      try reader.traces(of: playbook, drill: drill, before: run, runs: Self.looksBack)
    }
    self.init(real: try traces(false), drills: try traces(true), isDrill: drill)
  }
}

extension RunAccount {
  /// What there is to learn from; nothing for a run that is over.
  func earlier(_ reader: JournalReader) throws(JournalError) -> EarlierRuns {
    isOver ? .none : try EarlierRuns(of: start.playbook, drill: start.drill, before: id, reader: reader)
  }

  /// What earlier runs let one expect of the rest of it.
  /// - Parameter now: `nil`: as it was at its last entry.
  func forecast(_ earlier: EarlierRuns, at now: Timestamp?) -> ForecastLine? {
    let now = max(now ?? lastEvent.at, lastEvent.at)
    let since = entries.last { [.runStarted, .runResumed].contains($0.event.fact.kind) }?.event.at ?? now
    return earlier.forecast(
      of: state, since: since, at: state.phase == .waiting ? lastEvent.at : now,
      sinceDetected: max(.zero, now - start.detected)
    ).map(ForecastLine.init)
  }
}
