public import IncidentModel
public import Journaling

extension Register {
  /// What is open and what is still owed, and of the past no more than the schedule asks for: a list of what is going on
  /// takes no longer in an old journal than in a young one.
  ///
  /// Incidents that are open, have something left to do or lack a report, with their runs; runs that are open; messages
  /// that were not sent; of each playbook the last run and the last drill that count as done.
  /// - Parameters:
  ///   - reports: which incidents have a report.
  ///   - playbooks: whose past is asked for.
  ///   - environment: where runs count; drills count everywhere.
  public init(
    standing reader: JournalReader, reports: ReportDuty = .none, pastOf playbooks: [String] = [],
    in environment: String = ""
  ) throws(JournalError) {
    let unreported = reports.asks ? try reader.allIncidents().filter { !reports.isWritten($0) } : []
    let incidents = try Set(reader.openIncidents() + reader.incidentsWithOpenFollowUps() + unreported)
    var runs = try Set(reader.openRuns())
    for playbook in playbooks {
      for drill in [false, true] {
        let isDone: (RunLine) -> Bool = {
          drill ? $0.isDoneDrill : $0.environment == environment && $0.state == .done
        }
        if let run = try Self.last(reader.runs(of: playbook, drill: drill), reader, where: isDone) { runs.insert(run) }
      }
    }
    // A receipt need not name what its message belongs to, so messages are not looked up by that.
    let kinds = Self.kinds.subtracting([.messageQueued, .messageSent, .messageFailed])
    let entries =
      try reader.lifecycle(kinds, of: incidents) + reader.lifecycle(kinds, of: runs) + reader.unsentMessages()
    let distinct = Dictionary(entries.map { ($0.sequence, $0) }) { first, _ in first }
    self.init(distinct.values.sorted { $0.sequence < $1.sequence })
  }

  /// The last of the runs that is as wanted. Most often that is the last one or the one before, so few are read.
  static func last(
    _ runs: [RunID], _ reader: JournalReader, where isWanted: (RunLine) -> Bool
  ) throws(JournalError) -> RunID? {
    var left = runs[...]
    while !left.isEmpty {
      let some = left.suffix(4)
      left = left.dropLast(some.count)
      if let found = Register(try reader.lifecycle(kinds, of: some)).runs.last(where: isWanted) { return found.id }
    }
    return nil
  }
}
