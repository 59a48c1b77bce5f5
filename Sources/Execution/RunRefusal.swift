public import IncidentModel
public import Journaling

/// Why a run did not start, or could not go on.
public enum RunRefusal: Error, Sendable {
  case busy(RunLock.Holder?)
  /// Before anything was done.
  case journal(JournalError)
  /// In the middle: what was running then may have taken effect.
  case stranded(RunID, JournalError)
  case over(RunID, RunPhase)

  public var problem: Problem {
    switch self {
    case .busy(let holder?):
      Problem(
        "\(holder.run.isEmpty ? "a run of this playbook" : holder.run) is being driven by \(holder.actor)"
          + " (process \(holder.pid) on \(holder.host), since \(holder.since.clockTime) UTC)",
        advice: "Nothing was done. Follow it: andon watch\(holder.run.isEmpty ? "" : " \(holder.run)")"
          + (holder.run.isEmpty ? "" : "; take it over: andon incident handover \(holder.run) --to NAME"))
    case .busy(nil):
      Problem("another process is running this playbook here", advice: "Nothing was done. Follow it with: andon status")
    case .journal(let error): error.problem
    case .stranded(let run, .runTakenOver(let same, let owner)) where run == same:
      JournalError.runTakenOver(run, owner).problem
    case .stranded(let run, let error):
      Problem(
        error.problem.message,
        advice: "\(run) stopped before its next step and stays open; what ran at that moment may have taken effect. "
          + "Mend the journal's place, then: andon resume \(run)")
    case .over(let run, let phase):
      Problem("\(run) is over (\(phase.rawValue))", advice: "andon show \(run) tells how it went.")
    }
  }
}
