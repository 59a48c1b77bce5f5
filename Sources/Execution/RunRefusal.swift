public import IncidentModel
public import Journaling

/// Why a run did not start, or could not go on.
public enum RunRefusal: Error, Sendable {
  case busy(RunLock.Holder?)
  case journal(JournalError)
  case over(RunID, RunPhase)

  public var problem: Problem {
    switch self {
    case .busy(let holder?):
      Problem(
        "\(holder.run.isEmpty ? "a run of this playbook" : holder.run) is being driven by \(holder.actor)"
          + " (process \(holder.pid) on \(holder.host), since \(holder.since.clockTime) UTC)",
        advice: "Nothing was done. Follow it with: andon status")
    case .busy(nil):
      Problem("another process is running this playbook here", advice: "Nothing was done. Follow it with: andon status")
    case .journal(let error): error.problem
    case .over(let run, let phase):
      Problem("\(run) is over (\(phase.rawValue))", advice: "andon show \(run) tells how it went.")
    }
  }
}
