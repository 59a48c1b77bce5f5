internal import Actions
internal import Engine
internal import Foundation
public import IncidentModel
public import Journaling
public import Playbooks

/// Runs a playbook: asks the engine what comes next, writes the journal, acts, writes what came of it.
///
/// An intent is durable before its step acts; the outcome of one step and the intents of the next share a commit.
public struct Runner: Sendable {
  let workplace: Workplace

  public init(_ workplace: Workplace) { self.workplace = workplace }

  /// Starts a run and takes it as far as it goes by itself. Throws `RunRefusal` when nothing was started, or when
  /// the journal could no longer be written.
  public func start(_ request: RunRequest) async throws -> RunResult {
    let result = try await start(request, parent: nil)
    await anchor(result, in: request.environment)
    return result
  }

  /// - Parameter parent: the step that this run is.
  func start(_ request: RunRequest, parent: ParentStep?) async throws -> RunResult {
    let lock = try takeLock(for: request)
    for (name, value) in request.params where request.secretParams.contains(name) {
      workplace.equipment.redactor.register(Secret(name: name, value: value.displayText))
    }
    var drive = try RunDrive.begin(request, workplace, parent: parent)
    lock?.update(holder(drive.run.description))
    return try await finish(&drive, under: lock)
  }

  /// `nil` where the state folder takes none: then what may act without a journal acts without the lock too.
  private func takeLock(for request: RunRequest) throws(RunRefusal) -> RunLock? {
    let (playbook, environment, drill) = (request.playbook, request.environment.name, request.drill)
    if playbook.emergencySteps.isEmpty { return try takeLock(playbook.id, environment, drill: drill) }
    let attempt = Bounded.run(within: .milliseconds(300)) { () -> Result<RunLock, RunRefusal> in
      do throws(RunRefusal) { return .success(try takeLock(playbook.id, environment, drill: drill)) } catch {
        return .failure(error)
      }
    }
    switch attempt {
    case .failure(.journal), nil: return nil
    case .failure(let refusal): throw refusal
    case .success(let lock): return lock
    }
  }

  /// Takes up a run that was left open or whose process died. Settles what is unknown before anything else.
  public func resume(
    _ run: RunID, environment: EnvironmentFile, agreement: ResumeAgreement = ResumeAgreement()
  ) async throws -> RunResult {
    guard
      case .runStarted(let start)? = try workplace.journal.reader.lifecycle([.runStarted], of: [run]).first?.event.fact
    else { throw RunStoryError.noSuchRun(run) }
    let lock = try takeLock(start.playbook, environment.name, drill: start.drill)
    lock.update(holder(run.description))
    // Read under the lock: the former owner may have written until a moment ago.
    var drive = try RunDrive.takeOver(story(of: run), environment, agreement, workplace)
    let result = try await finish(&drive, under: lock) { try await $0.settleInterrupted() }
    await anchor(result, in: environment)
    return result
  }

  private func finish(
    _ drive: inout RunDrive, under lock: RunLock?, first: (inout RunDrive) async throws -> Void = { _ in }
  ) async throws -> RunResult {
    defer { withExtendedLifetime(lock) {} }
    let wishes = drive.wishes
    let watch = Task { await wishes.watch() }
    defer {
      watch.cancel()
      wishes.stop()
    }
    do {
      try await first(&drive)
      return try await drive.goOn()
    } catch let error as JournalError { throw RunRefusal.stranded(drive.run, error) }
  }

  func story(of run: RunID) throws -> RunStory {
    let reader = workplace.journal.reader
    try FailPoint.pass("resume.before-story") { JournalError.cannotRead(workplace.journal.path, $0) }
    let entries = try reader.entries(of: run)
    let incident = try reader.lifecycle(IncidentState.kinds, of: entries.first?.event.incident.map { [$0] } ?? [])
    return try RunStory(run, entries: entries, about: incident) { try? reader.playbookText(digest: $0) }
  }

  private func takeLock(_ playbook: String, _ environment: String, drill: Bool) throws(RunRefusal) -> RunLock {
    do throws(RunLock.Refusal) {
      return try RunLock(
        directory: workplace.stateDirectory, playbook: playbook, environment: Self.lockName(environment, drill: drill),
        holder: holder(""))
    } catch {
      switch error {
      case .held(let holder): throw .busy(holder)
      case .unusable(let error): throw .journal(error)
      }
    }
  }

  private static func lockName(_ environment: String, drill: Bool) -> String { environment + (drill ? ".drill" : "") }

  /// Whether a living process drives a run of this playbook there.
  public static func isDriven(stateDirectory: String, playbook: String, environment: String, drill: Bool) -> Bool {
    RunLock.isHeld(
      directory: stateDirectory, playbook: playbook, environment: lockName(environment, drill: drill))
  }

  private func holder(_ run: String) -> RunLock.Holder {
    RunLock.Holder(
      pid: workplace.pid, host: workplace.host, actor: workplace.actor, run: run, since: workplace.time.read().wall)
  }
}
