internal import ArgumentParser
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling

/// The exit codes of `docs/exit-codes.md`, by what they mean.
enum ExitStatus: Int32, CaseIterable {
  case ok = 0
  /// A step or a check failed.
  case failed = 1
  /// The responder stopped, or the confirmation word was wrong.
  case stopped = 2
  /// Finished, with skipped or overridden steps, or degraded.
  case degraded = 3
  /// Parked: something is left to a person.
  case parked = 4
  case usage = 64
  case data = 65
  /// A connection or a tool is not there.
  case unavailable = 69
  /// The journal cannot be written.
  case journal = 73
  /// Standard output cannot be written.
  case output = 74
  case busy = 75
  case notAllowed = 77
  case configuration = 78
  case timedOut = 124

  /// The same, for a run whose record could not go into the journal: never a plain success.
  static func of(_ result: RunResult) -> ExitStatus {
    let status = of(result.state)
    return result.isSpooled && (status == .ok || status == .parked) ? .degraded : status
  }

  /// How a run that this process let go of is reported.
  static func of(_ state: RunState) -> ExitStatus {
    switch state.phase {
    case .done: state.isDegraded ? .degraded : .ok
    case .failed: .failed
    case .stopped, .cancelled: .stopped
    // Parked is only good news when nothing that counts went wrong before.
    case .waiting, .running: state.hasFailed ? .failed : .parked
    }
  }
}

/// Ends the command with a sentence on standard error and an exit code.
struct CommandFailure: Error {
  let status: ExitStatus
  let problem: Problem

  init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
    self.status = status
    problem = Problem(message, advice: advice)
  }

  init(_ status: ExitStatus, _ problem: Problem) {
    self.status = status
    self.problem = problem
  }
}

/// Ends the command with an exit code; everything has been said already.
struct Ending: Error {
  let code: Int32

  init(_ status: ExitStatus) { code = status.rawValue }
  init(signal: Int32) { code = 128 + signal }
}

extension CopyFailure {
  var status: ExitStatus {
    switch self {
    case .taken: .usage
    case .unwritable: .journal
    case .unusable: .data
    }
  }
}
