internal import Engine
internal import IncidentModel
internal import Journaling

/// The run that a command means.
struct OpenRun {
  let reader: JournalReader

  /// A run that is not over, as it was started.
  func started(_ text: String) throws -> (start: RunStart, id: RunID) {
    guard let id = RunID(text) else {
      throw CommandFailure(
        .usage, "'\(text.visible)' is not of the form RUN-1", advice: "andon status lists open runs.")
    }
    let start = try start(of: id)
    if case .runFinished(let end)? = try reader.lifecycle([.runFinished], of: [id]).last?.event.fact {
      throw CommandFailure(
        .usage, "\(id) is over (\(end.phase.rawValue)) already", advice: "andon show \(id) tells how it went.")
    }
    return (start, id)
  }

  /// How a run was started, whether it is over or not.
  func start(of id: RunID) throws -> RunStart {
    guard case .runStarted(let start)? = try reader.lifecycle([.runStarted], of: [id]).first?.event.fact else {
      throw CommandFailure(.usage, "there is no \(id) in this journal", advice: "andon history lists what there is.")
    }
    return start
  }

  /// Runs that are not over, first to last.
  func all() throws -> [RunID] { try open().map(\.id) }

  /// Those of them that are no step of another one: going on with that one goes on with them.
  func roots() throws -> [RunID] {
    let open = try open()
    return open.filter { run in !open.contains { $0.id == run.parent } }.map(\.id)
  }

  private func open() throws -> [(id: RunID, parent: RunID?)] {
    try reader.lifecycle([.runStarted], of: reader.openRuns()).compactMap { entry in
      guard let run = entry.event.run, case .runStarted(let start) = entry.event.fact else { return nil }
      return (run, start.parent)
    }
  }
}
