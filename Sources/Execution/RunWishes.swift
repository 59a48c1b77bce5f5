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

  /// Looks until the task is cancelled.
  func watch() async {
    var seen: Int64 = 0
    while (try? await Task.sleep(for: Self.interval)) != nil {
      guard let head = try? reader.head().sequence, head > seen, let entries = try? reader.entries(of: run) else {
        continue
      }
      // Wishes about an earlier life of the run were dealt with when it was taken up.
      let begin = max(seen, entries.last { $0.event.beginsDriving }?.sequence ?? 0)
      let wishes = entries.filter { $0.sequence > begin && $0.event.isWish }
      seen = head
      if wishes.isEmpty { continue }
      found.withLock { $0 += wishes.map(\.event) }
      if wishes.contains(where: \.event.isUrgent) { control.stopSteps() }
      control.dismissQuestion()
    }
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
  fileprivate var isWish: Bool { fact.kind == .runHandedOver || fact.kind == .cancellationAsked }

  fileprivate var beginsDriving: Bool { fact.kind == .runStarted || fact.kind == .runResumed }

  fileprivate var isUrgent: Bool {
    if case .cancellationAsked(let wish) = fact { wish.now } else { false }
  }
}
