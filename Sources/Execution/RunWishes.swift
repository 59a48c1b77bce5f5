import IncidentModel
import Journaling
import Synchronization

/// What others have written into the journal about a run while this process drives it: to end it, or to hand it over.
final class RunWishes: Sendable {
  private let run: RunID
  private let reader: JournalReader
  private let control: RunControl
  private let found = Mutex<[Event]>([])

  init(run: RunID, reader: JournalReader, control: RunControl) {
    self.run = run
    self.reader = reader
    self.control = control
  }

  /// How often the journal is looked at. A person is waiting for the other one to let go.
  private static let interval = Duration.milliseconds(300)

  private static let kinds: Set<Fact.Kind> = [.runHandedOver, .cancellationAsked]

  /// Looks until the task is cancelled. Only wishes are read, however long the run is.
  func watch() async {
    var head: Int64 = 0
    var seen: Int64?
    while (try? await Task.sleep(for: Self.interval)) != nil {
      guard let now = try? reader.head().sequence, now > head, let before = seen ?? (try? beginning()),
        let all = try? reader.lifecycle(Self.kinds)
      else { continue }
      let wishes = all.filter { $0.event.run == run && $0.sequence > before }
      (head, seen) = (now, wishes.last?.sequence ?? before)
      if wishes.isEmpty { continue }
      found.withLock { $0 += wishes.map(\.event) }
      if wishes.contains(where: \.event.isUrgent) { control.stopSteps() }
      control.dismissQuestion()
    }
  }

  /// Where this process began to drive: wishes about an earlier life of the run were dealt with when it was taken up.
  private func beginning() throws(JournalError) -> Int64 {
    try reader.entries(of: run).last { $0.event.fact.kind == .runStarted || $0.event.fact.kind == .runResumed }?
      .sequence ?? 0
  }

  /// What was found since the last time.
  func take() -> [Event] {
    found.withLock { events in
      defer { events = [] }
      return events
    }
  }
}

extension Event {
  fileprivate var isUrgent: Bool {
    if case .cancellationAsked(let wish) = fact { wish.now } else { false }
  }
}
