internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Playbooks
internal import Reporting

struct Escalate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "escalate", abstract: "Who to call next, with the number; recorded.",
    discussion: """
      Goes down contacts.yaml, from the first whom nobody has called for this incident. In a terminal it asks whether \
      they were reached; leaving without having reached anybody exits 2. Elsewhere it names one contact, and the next \
      call says what came of it: --reached or --not-reached.

      Examples:
        andon escalate
        andon escalate INC-42 --to technical-lead --why "needs the owner key"
        andon escalate INC-42 --not-reached
      """)

  @Argument(help: "INC-1. Default: the only open one.", completion: .openIncidents)
  var incident: String?

  @Option(help: ArgumentHelp("Whom: an id or a role of contacts.yaml.", valueName: "CONTACT"))
  var to: String?

  @Flag(help: "They were reached.")
  var reached = false

  @Flag(help: "They were not reached.")
  var notReached = false

  @Option(help: ArgumentHelp("Why they are called.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    let outcome = try outcome()
    let reason = try why.map { try TypedText.line($0, "--why") }
    let atHand = try IncidentAtHand(incident, assembly)
    let ladder = try EscalationLadder(assembly.contactsToCall(), to: to)
    let state = try atHand.state()
    if assembly.screen.policy.canPrompt, outcome == nil {
      if ladder.allCalled(in: state) { assembly.screen.hint("Everybody was called once; from the top again.") }
      let begin = ladder.next(in: state)
      let someone = try await EscalationCall(screen: assembly.screen).call(
        ladder.contacts, beginningWith: begin.id
      ) { call in
        var call = call
        call.why = reason
        let recorded = call
        try atHand.record { _ in [.escalated(recorded)] }
      }
      if someone { return assembly.screen.record("recorded in \(atHand.id)") }
      throw Ending(.stopped)
    }
    let contact = outcome == nil ? ladder.next(in: state) : ladder.named(in: state) ?? ladder.next(in: state)
    let call = Escalation(calling: contact, outcome: outcome ?? .named, why: reason)
    let after = try atHand.record { _ in [.escalated(call)] }
    try show(contact, call, atHand.id, ladder.next(in: after), assembly)
  }

  private func outcome() throws -> Escalation.Outcome? {
    if reached && notReached {
      throw CommandFailure(.usage, "--reached and --not-reached exclude each other", advice: "Leave one of them out.")
    }
    return reached ? .reached : notReached ? .notReached : nil
  }

  private func show(
    _ contact: Contact, _ call: Escalation, _ incident: IncidentID, _ next: Contact, _ assembly: Assembly
  ) throws {
    if assembly.wantsJSON {
      return assembly.screen.record(
        try ReportJSON.text(
          Shape(incident: incident, contact: call.contact, title: call.title, reach: call.reach, outcome: call.outcome))
      )
    }
    let word = call.outcome == .named ? "" : call.outcome == .reached ? "   reached" : "   NOT REACHED"
    assembly.screen.record(EscalationCall.line(contact) + word)
    switch call.outcome {
    case .named: assembly.screen.hint("Then: andon escalate \(incident) --reached   or --not-reached")
    case .notReached: assembly.screen.hint("Next is \(EscalationCall.line(next))")
    case .reached: break
    }
  }

  private struct Shape: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let incident: IncidentID
    let contact: String
    let title: String
    let reach: String
    let outcome: Escalation.Outcome
  }
}

extension Assembly {
  /// Everybody in `contacts.yaml`, services included.
  fileprivate func contactsToCall() throws -> [Contact] {
    do { return try library.contacts() } catch { throw CommandFailure(.configuration, error) }
  }
}
