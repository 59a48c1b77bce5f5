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
  private let workplace: Workplace

  public init(_ workplace: Workplace) { self.workplace = workplace }

  /// Starts a run and takes it as far as it goes by itself. Throws `RunRefusal` when nothing was started, or when
  /// the journal could no longer be written.
  public func start(_ request: RunRequest) async throws -> RunResult {
    try await start(request, parent: nil)
  }

  /// - Parameter parent: the step that this run is.
  func start(_ request: RunRequest, parent: ParentStep?) async throws -> RunResult {
    let lock = try takeLock(request.playbook.id, request.environment.name, drill: request.drill)
    for (name, value) in request.params where request.secretParams.contains(name) {
      workplace.equipment.redactor.register(Secret(name: name, value: value.displayText))
    }
    var drive = try RunDrive.begin(request, workplace, parent: parent)
    lock.update(holder(drive.run.description))
    return try await finish(&drive, under: lock)
  }

  /// Takes up a run that was left open or whose process died. Settles what is unknown before anything else.
  public func resume(
    _ run: RunID, environment: EnvironmentFile, agreement: ResumeAgreement = ResumeAgreement()
  ) async throws -> RunResult {
    let former = try story(of: run)
    let lock = try takeLock(
      former.state.playbook.id, environment.name, drill: former.state.start?.drill ?? false)
    lock.update(holder(run.description))
    // Read again under the lock: the former owner may have written until a moment ago.
    var drive = try RunDrive.takeOver(story(of: run), environment, agreement, workplace)
    return try await finish(&drive, under: lock) { try await $0.settleInterrupted() }
  }

  private func finish(
    _ drive: inout RunDrive, under lock: RunLock, first: (inout RunDrive) async throws -> Void = { _ in }
  ) async throws -> RunResult {
    defer { withExtendedLifetime(lock) {} }
    let wishes = drive.wishes
    let watch = Task { await wishes.watch() }
    defer { watch.cancel() }
    do {
      try await first(&drive)
      return try await drive.goOn()
    } catch let error as JournalError { throw RunRefusal.stranded(drive.run, error) }
  }

  func story(of run: RunID) throws -> RunStory {
    let reader = workplace.journal.reader
    let entries = try reader.entries(of: run)
    let whole = try entries.first?.event.incident.map { try reader.entries(of: $0) } ?? entries
    return try RunStory(run, entries: whole) { try? reader.playbookText(digest: $0) }
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
