public import IncidentModel

/// A message of the outbox and what became of it.
public struct MessageAccount: Sendable {
  public let message: Message
  public let incident: IncidentID?
  public let run: RunID?
  public let step: StepID?
  public let queued: Timestamp
  public private(set) var sent: (at: Timestamp, receipt: MessageReceipt)?
  public private(set) var lastFailure: (at: Timestamp, failure: MessageFailure)?
  /// The numbers of the entries about it.
  public private(set) var entries: [Int64]

  public var isPending: Bool { sent == nil }

  /// `sent`, `failed` or `queued`.
  public var state: String { sent != nil ? "sent" : lastFailure != nil ? "failed" : "queued" }

  /// Every message in `entries`, in the order they were queued.
  public static func all(in entries: [Entry]) -> [MessageAccount] {
    var accounts: [MessageAccount] = []
    var places: [String: Int] = [:]
    for entry in entries {
      let event = entry.event
      switch event.fact {
      case .messageQueued(let message) where places[message.id] == nil:
        places[message.id] = accounts.count
        accounts.append(
          MessageAccount(
            message: message, incident: event.incident, run: event.run, step: event.step, queued: event.at,
            entries: [entry.sequence]))
      case .messageSent(let receipt):
        guard let place = places[receipt.id] else { continue }
        accounts[place].sent = (event.at, receipt)
        accounts[place].entries.append(entry.sequence)
      case .messageFailed(let failure):
        guard let place = places[failure.id] else { continue }
        accounts[place].lastFailure = (event.at, failure)
        accounts[place].entries.append(entry.sequence)
      default: break
      }
    }
    return accounts
  }
}
