public import IncidentModel

/// The messages of a journal as far as it tells: what was queued, and what became of it.
public struct OutboxState: Sendable {
  public struct Item: Sendable {
    public let message: Message
    public let incident: IncidentID?
    public let run: RunID?
    public let step: StepID?
    public let queued: Timestamp
    public var sent: (at: Timestamp, receipt: MessageReceipt)?
    public var lastFailure: MessageFailure?
  }

  /// In the order they were queued.
  public private(set) var items: [Item] = []

  public init(_ events: some Sequence<Event>) {
    var places: [String: Int] = [:]
    for event in events {
      switch event.fact {
      case .messageQueued(let message) where places[message.id] == nil:
        places[message.id] = items.count
        items.append(
          Item(message: message, incident: event.incident, run: event.run, step: event.step, queued: event.at))
      case .messageSent(let receipt): places[receipt.id].map { items[$0].sent = (event.at, receipt) }
      case .messageFailed(let failure): places[failure.id].map { items[$0].lastFailure = failure }
      default: break
      }
    }
  }

  public var pending: [Item] { items.filter { $0.sent == nil } }
}
