import IncidentModel
import Journaling
import Synchronization

/// What others have written into the journal about a run while this process drives it: to end it, or to hand it over.
final class RunWishes: Sendable {
  private let run: RunID
  private let journal: Journal
  private let control: RunControl
  private let found = Mutex<[Event]>([])
  /// True once nobody looks any more; held while somebody does.
  private let isOver = Mutex(false)

  init(run: RunID, journal: Journal, control: RunControl) {
    self.run = run
    self.journal = journal
    self.control = control
  }

  /// How often the journal is looked at. A person is waiting for the other one to let go.
  private static let interval = Duration.milliseconds(300)

  private static let kinds: Set<Fact.Kind> = [.runHandedOver, .cancellationAsked]

  /// Looks until the task is cancelled. Only wishes are read, however long the run is.
  func watch() async {
    var head: Int64 = 0
    var seen: Int64?
    while (try? await Task.sleep(for: Self.interval)) != nil, !journal.isLost {
      // A journal that hangs must not keep a thread that others need.
      let (before, last) = (head, seen)
      guard let look = Bounded.run(within: .seconds(1), { [self] in look(after: before, seen: last) }), let look else {
        continue
      }
      (head, seen) = (look.head, look.seen)
      if look.wishes.isEmpty { continue }
      found.withLock { $0 += look.wishes }
      if look.wishes.contains(where: \.isUrgent) { control.stopSteps() }
      control.dismissQuestion()
    }
  }

  /// `nil`: nothing was written since.
  private func look(after head: Int64, seen: Int64?) -> (head: Int64, seen: Int64, wishes: [Event])? {
    isOver.withLock { isOver in isOver ? nil : lookNow(after: head, seen: seen) }
  }

  /// Nobody reads the journal any more when this returns: it may be closed. One that is lost is never closed, and may
  /// hang.
  func stop() {
    if !journal.isLost { isOver.withLock { $0 = true } }
  }

  private func lookNow(after head: Int64, seen: Int64?) -> (head: Int64, seen: Int64, wishes: [Event])? {
    let reader = journal.reader
    guard let now = try? reader.head().sequence, now > head, let before = seen ?? (try? beginning()),
      let all = try? reader.lifecycle(Self.kinds, of: [run])
    else { return nil }
    let wishes = all.filter { $0.sequence > before }
    return (now, wishes.last?.sequence ?? before, wishes.map(\.event))
  }

  /// Where this process began to drive: wishes about an earlier life of the run were dealt with when it was taken up.
  private func beginning() throws(JournalError) -> Int64 {
    try journal.reader.lifecycle([.runStarted, .runResumed], of: [run]).last?.sequence ?? 0
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
