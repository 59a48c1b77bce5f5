import Glibc
public import IncidentModel

/// Runs commands and scripts as child processes, and ends whole trees of them when it must.
///
/// - A command that exits with an accepted code has succeeded; with any other, it has failed.
/// - One that ran out of time, was cancelled or was killed has an unknown outcome.
/// - One that was never started has failed, and nothing happened.
public final class CommandPerformer: Sendable {
  private let grace: Duration

  public init() { grace = .seconds(5) }

  /// `grace`: how long processes that were asked to end have before they are made to.
  init(grace: Duration) { self.grace = grace }

  /// Runs the command to its end, or to the end of its time limit. Never throws; cancelling the task ends the command.
  ///
  /// `progress` gets the newest complete line of the output, redacted, at most four times a second, on any thread.
  public func perform(
    _ request: CommandRequest, mark: AttemptMark, redactor: Redactor, progress: @escaping @Sendable (String) -> Void
  ) async -> ActionResult {
    if Task.isCancelled {
      return ActionResult(.failed(Failure(.cancelled, "cancelled before the command was started")))
    }
    do {
      let launch = try CommandLaunch(request, mark: mark, redactor: redactor)
      try FailPoint.pass("command.before-spawn") {
        Failure(.toolMissing, "\(launch.title) could not be started: \($0)")
      }
      return await CommandAttempt(
        request: request, launch: launch, mark: mark, redactor: redactor, grace: grace, progress: progress
      ).result()
    } catch {
      return ActionResult(.failed(error))
    }
  }

  /// Ends what an earlier attempt has left running, on this machine and by this user, also after that runner died.
  ///
  /// Processes are known by the mark and the key in their environment: the mark alone could be that of another journal.
  public func endLeftovers(of mark: AttemptMark) async -> FenceOutcome {
    let marks = ChildEnvironment.marks(mark)
    let ending = TreeEnding(grace: grace)
    if let reason = FailPoint.reason(at: "command.before-fence") { return .unconfirmed(reason) }
    let report = await onThread {
      var family = ProcessFamily(root: nil, mark: marks)
      return ending.end(&family, root: nil)
    }
    if let reason = FailPoint.reason(at: "command.after-fence") { return .unconfirmed(reason) }
    let count = report.others.count
    if !report.survivors.isEmpty {
      let names = report.survivors.map { "\($0.name) (process \($0.id))" }.joined(separator: ", ")
      return .unconfirmed("could not be ended: \(names)")
    }
    if count == 0 { return .clear("no process of \(mark.text) runs on this machine") }
    return .clear(
      "ended \(count) \(count == 1 ? "process" : "processes") of \(mark.text): \(report.others.joined(separator: ", "))"
    )
  }
}
