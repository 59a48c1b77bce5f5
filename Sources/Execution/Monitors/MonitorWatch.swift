internal import Actions
import Engine
import IncidentModel
public import Journaling
public import Playbooks
import Synchronization

/// Looks at every monitor of an environment on its schedule. Each is a loop of its own and never has two probes on their
/// way; whatever one of them waits for holds up no other.
public final class MonitorWatch: Sendable {
  private let place: MonitorPlace
  private let environment: EnvironmentFile
  private let equipment: Equipment
  private let stateDirectory: String
  private let workplace: @Sendable (Journal) -> Workplace
  private let observer: any MonitorObserver
  private let probe: MonitorProbe
  private let lanes = ProbeLanes()
  private let desk: MonitorDesk
  private let firings = Mutex<[Task<Void, Never>]>([])
  private let isStopping = Once()

  /// Looks that fail now and then are nothing; so many in a row are.
  private static let bearableMisses = 3
  /// How many sessions a database may be asked over at a time.
  public static let sessions = ProbeLanes.sessions.most

  /// Monitors do not all begin in the same instant, but spread over no more than this.
  private static let spread = Duration.seconds(1)

  /// - Parameters:
  ///   - single: every monitor is looked at once, and what cannot be evaluated is news at once.
  ///   - workplace: everything that a run works with that a monitor starts.
  /// - Throws: `JournalError` when the journal cannot be read.
  public init(
    _ place: MonitorPlace, environment: EnvironmentFile, equipment: Equipment, stateDirectory: String,
    single: Bool, observer: any MonitorObserver, workplace: @escaping @Sendable (Journal) -> Workplace
  ) throws(JournalError) {
    self.place = place
    self.environment = environment
    self.equipment = equipment
    self.stateDirectory = stateDirectory
    self.workplace = workplace
    self.observer = observer
    probe = MonitorProbe(equipment)
    desk = try MonitorDesk(
      place, directory: stateDirectory, redactor: equipment.redactor, time: equipment.time,
      bearable: single ? 1 : Self.bearableMisses)
  }

  // MARK: - Looking

  /// Looks at each monitor once, side by side.
  /// - Returns: in the order of the file.
  public func lookOnce() async -> [MonitorLook] {
    await withTaskGroup(of: (Int, MonitorLook).self) { group in
      for (index, monitor) in place.monitors.enumerated() {
        group.addTask { [self] in
          (index, await look(monitor, due: equipment.time.read().wall, skipped: 0))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Looks again and again until the task is cancelled.
  public func keepLooking() async {
    let begin = equipment.time.read()
    await withTaskGroup(of: Void.self) { group in
      for (index, monitor) in place.monitors.enumerated() {
        let room = min(Self.spread, monitor.every).wholeMilliseconds
        let offset = room * Int64(index) / Int64(place.monitors.count)
        group.addTask { [self] in await keepLooking(at: monitor, from: begin.boot + offset) }
      }
    }
  }

  private func keepLooking(at monitor: Monitor, from start: Int64) async {
    var dues = MonitorDues(start: start, every: monitor.every.wholeMilliseconds)
    while !Task.isCancelled {
      let now = equipment.time.read()
      let (due, skipped) = dues.next(at: now.boot)
      do { try await Task.sleep(for: .milliseconds(max(due - now.boot, 0))) } catch { return }
      // The wall clock may have been set meanwhile; what was due is told by the clock of now.
      let woken = equipment.time.read()
      _ = await look(monitor, due: woken.wall - .milliseconds(woken.boot - due), skipped: skipped)
    }
  }

  private func look(_ monitor: Monitor, due: Timestamp, skipped: Int) async -> MonitorLook {
    let (taken, milliseconds, reading) = await lanes.going(with: monitor.probe) {
      let begin = equipment.time.read()
      let reading = await probe.look(monitor)
      return (begin.wall, equipment.time.read().boot - begin.boot, reading)
    }
    // A look that was called off says nothing about the world.
    let outcome = Task.isCancelled ? MonitorOutcome() : await desk.take(reading, of: monitor, at: taken)
    let look = MonitorLook(
      monitor: monitor, due: due, taken: taken, milliseconds: milliseconds, skipped: skipped, reading: reading,
      outcome: outcome)
    if !Task.isCancelled { observer.looked(look) }
    if let firing = outcome.announced { fire(firing) }
    return look
  }

  // MARK: - Armed playbooks

  private func fire(_ firing: PlaybookFiring) {
    let isStopping = isStopping
    let carrier = Firing(
      firing: firing, desk: desk, place: place, environment: environment, equipment: equipment, workplace: workplace,
      stateDirectory: stateDirectory, observer: observer)
    // Not a child of the loop: what has begun is finished although nobody looks any more.
    let task = Task { await carrier.carryOut { isStopping.isMarked } }
    firings.withLock { $0.append(task) }
  }

  /// Nothing that was announced starts any more; what has started goes on.
  public func stop() { isStopping.mark() }

  /// Waits for what monitors have started.
  public func finish() async {
    while let task = firings.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      await withTaskCancellationHandler {
        await task.value
      } onCancel: {
        task.cancel()
      }
    }
  }
}
