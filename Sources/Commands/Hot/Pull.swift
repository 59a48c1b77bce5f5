internal import ArgumentParser
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Sandbox

struct Pull: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Emergency: run a kill switch. One typed word, or --confirm WORD.",
    discussion: """
      Shows what will be touched and asks for the playbook's word; with --confirm it asks nothing. Every step, \
      probe and message runs whatever failed before it. Manual steps are left open at the end (exit 4).

      Examples:
        andon pull
        andon pull pause-trading --confirm PAUSE
        andon pull pause-trading --confirm PAUSE --var contract_pause=true
        andon pull pause-trading -n
        andon pull pause-trading --drill --confirm PAUSE
      """)

  @Argument(help: "The kill switch. Not needed when there is only one.", completion: .killSwitches)
  var playbook: String?

  @OptionGroup var options: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global, machineReadable: options.jsonl)
    let session = RunSession(assembly: assembly, options: options)
    let playbook = try PlaybookChoice(assembly: assembly).loadKillSwitch(playbook)
    let word = playbook.confirmationWord ?? ""
    if !options.dryRun { try checkWord(word, playbook, assembly) }
    let place = try await assembly.place(
      named: options.environment, drill: options.drill, freshSandbox: !options.dryRun)
    let attended = options.confirm == nil && !options.auto
    var request = try session.request(
      playbook, place: place, unattended: !attended, approved: [.read, .write, .destructive],
      why: "kill switch \(playbook.id) pulled by \(assembly.actor)")
    try await session.demandPrerequisites(&request, attended: attended && !options.dryRun)
    if options.dryRun { return try await session.dryRun(request, place: place) }
    request.incident = try incident(of: playbook, place, assembly)
    assembly.showArmed(in: place.file.name)
    if attended { try await askForWord(request, place, assembly) }
    let agreed = request
    // The word was given: a connection that drops now must not stop containment half way.
    try await session.drive(place, agreed, attended: attended, outlivesTerminal: true) { try await $0.start(agreed) }
  }

  /// What may go on without a journal does not wait for one to look an incident up in.
  private func incident(of playbook: Playbook, _ place: Place, _ assembly: Assembly) throws
    -> RunRequest.IncidentChoice
  {
    let new = RunRequest.IncidentChoice.open(title: playbook.name)
    if playbook.emergencySteps.isEmpty { return try options.joinedIncident(assembly, place) ?? new }
    let found = Bounded.run(within: .milliseconds(500)) {
      Result { try options.joinedIncident(assembly, place) }
    }
    switch found {
    case .success(let choice): return choice ?? new
    case .failure(let error) where !(error is JournalError): throw error
    case .failure, nil:
      assembly.screen.warn("\(options.incident?.visible ?? "") cannot be looked up; a new incident is opened")
      return new
    }
  }

  /// Before anything is opened: a wrong word touches nothing, and without a terminal there has to be one.
  private func checkWord(_ word: String, _ playbook: Playbook, _ assembly: Assembly) throws {
    if let given = options.confirm {
      guard given == word else {
        throw CommandFailure(
          .stopped, "'\(given.visible)' is not the word of \(playbook.id); nothing was touched",
          advice: "andon playbook show \(playbook.id) tells the word.")
      }
    } else if options.auto || !assembly.screen.policy.canPrompt {
      throw CommandFailure(
        .usage, "\(playbook.id) needs its word, and nobody is there to be asked",
        advice: "Give it as --confirm \(word); or look first with -n.")
    }
  }

  private func askForWord(_ request: RunRequest, _ place: Place, _ assembly: Assembly) async throws {
    let findings = await DryRun(assembly.equipment(place), request).findings()
    let isAgreed = await KillSwitchScreen(screen: assembly.screen).confirm(
      request.playbook, environment: place.file.name, drill: request.drill, findings)
    guard isAgreed == true else {
      await place.sandbox?.stop()
      throw CommandFailure(.stopped, "cancelled; nothing was touched")
    }
  }
}
