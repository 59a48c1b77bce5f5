internal import Actions
import Engine
import IncidentModel
import Journaling
import Playbooks

/// How a process lets go of a run: finished, or parked for a person who could be asked first.
extension RunDrive {
  /// True when this process is done with the run. People are asked first, where there are any.
  mutating func conclude(_ decisions: [Decision]) async throws -> Bool {
    for case .finish(let phase, let reason) in decisions {
      if phase == .done { try resolve() }
      try FailPoint.pass("drive.before-finish") { JournalError.cannotWrite(workplace.journal.path, $0) }
      note(.runFinished(RunEnd(phase: phase, reason: reason)))
      try flush()
      try FailPoint.pass("drive.after-finish") { JournalError.cannotWrite(workplace.journal.path, $0) }
      return true
    }
    for case .park(let reason) in decisions {
      if !recorder.record.isSpooling, try await askWaiting() { return false }
      try park(reason)
      return true
    }
    return false
  }

  mutating func park(_ reason: String) throws {
    try FailPoint.pass("drive.before-park") { JournalError.cannotWrite(workplace.journal.path, $0) }
    note(.runParked(RunParking(reason: reason)))
    try flush()
    try FailPoint.pass("drive.after-park") { JournalError.cannotWrite(workplace.journal.path, $0) }
  }

  /// A playbook that takes back a kill switch ends the incident when all of it went well.
  mutating func resolve() throws {
    guard let incident, incident.moment(of: .resolved) == nil,
      !state.actingSteps.contains(where: \.record.overridden), let inverse = state.playbook.inverse
    else { return }
    // A playbook is read now: what was done does not wait for that.
    try flush()
    guard let file = try? workplace.library.find(inverse),
      PlaybookLoader(library: nil).load(path: file).playbook?.killSwitch != nil
    else { return }
    note(.milestoneReached(MilestoneMark(.resolved, reached: workplace.time.read().wall, source: "end of \(run)")))
  }
}
