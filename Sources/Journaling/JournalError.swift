public import IncidentModel

/// Why the journal could not be opened, written or read.
public enum JournalError: Error, Sendable, Hashable {
  /// Path and reason.
  case cannotWrite(String, String)
  case cannotRead(String, String)
  /// Another process holds the writer's lock and does not let go.
  case locked(String)
  /// Not a journal, or one of a newer Andon.
  case notAJournal(String, String)
  /// Somebody else has taken the run over since.
  case runTakenOver(RunID, RunOwner)

  /// True when nothing could be written, rather than read.
  public var isAboutWriting: Bool {
    switch self {
    case .cannotWrite, .locked: true
    case .cannotRead, .notAJournal, .runTakenOver: false
    }
  }

  public var problem: Problem {
    switch self {
    case .cannotWrite(let path, let reason):
      Problem(
        "cannot write the journal \(path): \(reason)",
        advice: "Nothing was done. Free space or mend the folder's permissions, or name another with --state DIR.")
    case .cannotRead(let path, let reason):
      Problem(
        "cannot read the journal \(path): \(reason)",
        advice: "Check the path and permissions, or name the folder with --state DIR.")
    case .locked(let path):
      Problem(
        "another process has held \(path) for seconds",
        advice:
          "Nothing was done. Look for a stopped andon process (ps -o pid,stat,cmd -C andon) and continue or end it.")
    case .notAJournal(let path, let reason):
      Problem("\(path) is not a journal this andon can use: \(reason)", advice: "Name another folder with --state DIR.")
    case .runTakenOver(let run, let owner):
      Problem(
        "\(run) is now driven by process \(owner.pid) on \(owner.host)",
        advice: "This process stops before the next step. Follow it with: andon show \(run)")
    }
  }
}
