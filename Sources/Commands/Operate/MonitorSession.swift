internal import Actions
internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks

/// One process that looks at monitors, from the lock to the exit code.
struct MonitorSession {
  let assembly: Assembly
  let place: Place
  let monitors: [Monitor]
  let announce: String?
  let style: MonitorTranscript.Style

  /// Looks at each once, and waits for what that starts.
  func lookOnce() async throws -> Ending {
    let (watch, transcript, equipment) = try watch(single: true)
    let looks = await watch.lookOnce()
    await watch.finish()
    transcript.summarize(looks, leftOut: leftOut(equipment), place.file.name)
    await equipment.performer.close()
    return Ending(Self.status(of: looks))
  }

  /// A breach is certain, so it counts more than what nobody can see; a journal that cannot be written counts most.
  static func status(of looks: [MonitorLook]) -> ExitStatus {
    if looks.contains(where: { $0.outcome.trouble != nil }) { return .journal }
    if looks.contains(where: { $0.reading.verdict == .breached }) { return .failed }
    return looks.contains { $0.reading.verdict == .missed } ? .unavailable : .ok
  }

  /// Looks until a signal comes. What a monitor has started is finished first; a second signal leaves it open.
  func keepLooking(until signals: CaughtSignals) async throws -> Ending {
    let lock = try takeLock()
    defer { withExtendedLifetime(lock) {} }
    let (watch, transcript, equipment) = try watch(single: false)
    transcript.begin(monitors, leftOut: leftOut(equipment), place.file.name)
    let looking = Task { await watch.keepLooking() }
    // Also when nobody reads what it says any more: what it is there for is the record.
    while signals.first == nil { try await Task.sleep(for: .milliseconds(100)) }
    watch.stop()
    looking.cancel()
    await looking.value
    let finishing = Task { await watch.finish() }
    let counter = signals.counter
    let impatience = Task {
      let first = counter()
      while counter() == first { try await Task.sleep(for: .milliseconds(100)) }
      finishing.cancel()
    }
    await finishing.value
    impatience.cancel()
    await equipment.performer.close()
    return signals.first.map { Ending(signal: $0) } ?? Ending(.ok)
  }

  // MARK: - Wiring

  private func watch(single: Bool) throws -> (MonitorWatch, MonitorTranscript, Equipment) {
    let equipment = assembly.equipment(place, keptSessions: MonitorWatch.sessions)
    let transcript = MonitorTranscript(screen: assembly.screen, style: style)
    let (assembly, runObserver) = (assembly, transcript.runObserver(assembly.time))
    let blind = Set(leftOut(equipment).map(\.monitor))
    let seen = monitors.filter { !blind.contains($0.id) }
    let watch = try MonitorWatch(
      MonitorPlace(environment: place.file.name, drill: place.drill, monitors: seen, announce: announce),
      environment: place.file, equipment: equipment, stateDirectory: assembly.stateDirectory,
      single: single, observer: transcript
    ) { journal in assembly.workplace(journal, equipment, attended: false, observer: runObserver) }
    return (watch, transcript, equipment)
  }

  /// The monitors that do not look here, and why.
  private func leftOut(_ equipment: Equipment) -> [(monitor: String, why: String)] {
    monitors.compactMap { monitor in
      if !monitor.looks(in: place.file.name) {
        return (monitor.id, "it looks in \(monitor.environments.joined(separator: ", ")) only")
      }
      return equipment.connections.rehearsed(of: monitor).map {
        (monitor.id, "nothing stands in for '\($0)' here")
      }
    }
  }

  /// One process watches an environment: two would say everything twice.
  private func takeLock() throws -> RunLock {
    do throws(RunLock.Refusal) {
      return try RunLock(
        directory: assembly.stateDirectory, playbook: "andon-monitor", environment: place.file.name,
        holder: assembly.holder)
    } catch {
      switch error {
      case .held(let holder):
        let who = holder.map { " by process \($0.pid) on \($0.host), since \($0.since.clockTime) UTC" } ?? ""
        throw CommandFailure(
          .busy, "\(place.file.name) is watched already\(who)", advice: "One look beside it: andon monitor --once")
      case .unusable(let error): throw CommandFailure(.journal, error.problem)
      }
    }
  }
}
