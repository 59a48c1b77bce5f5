import IncidentModel
import Synchronization

/// Collects events that a running step wrote by itself.
final class Mailbox: Sendable {
  private let contents = Mutex<[Event]>([])

  func add(_ events: [Event]) { contents.withLock { $0 += events } }
  var events: [Event] { contents.withLock { $0 } }
}
