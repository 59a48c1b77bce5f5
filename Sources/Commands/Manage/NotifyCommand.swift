internal import Actions
internal import ArgumentParser
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Sandbox

struct NotifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notify", abstract: "Messages: what was sent and what is left.",
    discussion: "Example:\n  andon notify outbox", subcommands: [OutboxCommand.self])

  struct OutboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "outbox", abstract: "Show the messages that were not delivered; --send delivers them.",
      discussion: """
        Examples:
          andon notify outbox
          andon notify outbox --send
        """)

    @Flag(help: "Deliver what is left.")
    var send = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
      let assembly = Assembly(global)
      let reader = try assembly.openReader()
      if !send { return show(try pending(reader), assembly) }
      let lock = try takeLock(assembly)
      // Read under the lock: another sender may have been at it until a moment ago.
      try await deliver(try pending(reader).filter { try !isBeingSent($0, reader, assembly) }, assembly)
      withExtendedLifetime(lock) {}
    }

    private func pending(_ reader: JournalReader) throws -> [OutboxState.Item] {
      OutboxState(try reader.unsentMessages().map(\.event)).pending
    }

    /// A run that is being driven delivers its own messages.
    private func isBeingSent(_ item: OutboxState.Item, _ reader: JournalReader, _ assembly: Assembly) throws -> Bool {
      for case .runStarted(let start) in try item.run.map({ try reader.entries(of: $0) })?.map(\.event.fact) ?? [] {
        return Runner.isDriven(
          stateDirectory: assembly.stateDirectory, playbook: start.playbook, environment: start.environment,
          drill: start.drill)
      }
      return false
    }

    /// Two senders at once would deliver twice.
    private func takeLock(_ assembly: Assembly) throws -> RunLock {
      do throws(RunLock.Refusal) {
        return try RunLock(
          directory: assembly.stateDirectory, playbook: "outbox", environment: "send", holder: assembly.holder)
      } catch {
        switch error {
        case .held(let holder):
          let who = holder.map { " (process \($0.pid) on \($0.host))" } ?? ""
          throw CommandFailure(
            .busy, "somebody else is sending the outbox\(who)", advice: "Look again with: andon notify outbox")
        case .unusable(let error): throw CommandFailure(.journal, error.problem)
        }
      }
    }

    private func show(_ pending: [OutboxState.Item], _ assembly: Assembly) {
      if global.json { return assembly.screen.record(json(pending)) }
      if pending.isEmpty { return assembly.screen.record("The outbox is empty.") }
      for item in pending {
        let failure =
          item.lastFailure.map { "   last try: \($0.failure.message.visible(keepingLineBreaks: true))" } ?? ""
        assembly.screen.record("\(item.message.id)  to \(item.message.connection)  queued \(item.queued)\(failure)")
      }
      assembly.screen.hint("Deliver with: andon notify outbox --send")
    }

    private func deliver(_ pending: [OutboxState.Item], _ assembly: Assembly) async throws {
      let journal = try assembly.openJournal()
      let performer = Performer(redactor: assembly.redactor)
      let delivery = OutboxDelivery(journal: journal, performer: performer, time: assembly.time, actor: assembly.actor)
      var left = 0
      for item in pending {
        let place = try await assembly.place(named: item.message.environment, drill: false)
        let connections = ConnectionBook(
          environment: place.file, variables: place.variables, redactor: assembly.redactor)
        let failure = try await delivery.send(item, over: connections)
        await place.sandbox?.stop()
        if let failure {
          left += 1
          assembly.screen.record("FAILED  \(item.message.id): \(failure.message.visible(keepingLineBreaks: true))")
        } else {
          assembly.screen.record("sent    \(item.message.id) to \(item.message.connection)")
        }
      }
      await performer.close()
      journal.close()
      if pending.isEmpty { assembly.screen.record("The outbox is empty.") }
      if left > 0 { throw Ending(.failed) }
    }

    private func json(_ pending: [OutboxState.Item]) -> String {
      Value.map([
        "schema_version": .number(1),
        "pending": .list(
          pending.map { item in
            .map([
              "id": .text(item.message.id), "connection": .text(item.message.connection),
              "environment": .text(item.message.environment), "queued": .text(item.queued.description),
              "text": .text(item.message.text),
              "last_failure": item.lastFailure.map { .text($0.failure.message) } ?? .null,
            ])
          }),
      ]).jsonText
    }
  }
}
