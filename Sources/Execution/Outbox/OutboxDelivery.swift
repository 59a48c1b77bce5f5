public import Actions
public import IncidentModel
public import Journaling
public import Playbooks

/// Sends what is left in the outbox: `andon notify outbox --send`.
public struct OutboxDelivery: Sendable {
  private let journal: Journal
  private let performer: Performer
  private let time: TimeSource
  private let actor: String

  public init(journal: Journal, performer: Performer, time: TimeSource, actor: String) {
    self.journal = journal
    self.performer = performer
    self.time = time
    self.actor = actor
  }

  /// Tries one message for ten seconds and records what came of it. `nil`: delivered.
  public func send(_ item: OutboxState.Item, over connections: ConnectionBook) async throws -> Failure? {
    let fact: Fact
    do {
      let url = try await connections.webhook(item.message.connection)
      fact = await Outbox(performer: performer, time: time).deliver(item.message, to: url, within: .seconds(10))
    } catch let failure as Failure {
      fact = .messageFailed(MessageFailure(id: item.message.id, failure: failure, final: false))
    }
    try FailPoint.pass("outbox.before-receipt") { JournalError.cannotWrite(journal.path, $0) }
    try journal.append([
      Event(at: time.read(), actor: actor, incident: item.incident, run: item.run, step: item.step, fact)
    ])
    if case .messageFailed(let failure) = fact { return failure.failure }
    return nil
  }
}
