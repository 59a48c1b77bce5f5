internal import ArgumentParser
internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a playbook: a guided walk, or --auto to run unattended.",
    discussion: """
      In a terminal it stops before each change and asks. With --auto nobody is asked: `write` steps then need \
      --yes, `destructive` ones the playbook's word as --confirm WORD, and manual steps park the run (exit 4).

      Examples:
        andon run resume-trading
        andon run resume-trading -n
        andon run resume-trading --auto --confirm RESUME --var issue_resolved=true
      """)

  @Argument(help: "Id of the playbook, or a path.", completion: .playbooks)
  var playbook: String

  @OptionGroup var options: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global, machineReadable: options.jsonl)
    let session = RunSession(assembly: assembly, options: options)
    let playbook = try PlaybookChoice(assembly: assembly).load(playbook)
    let attended = !options.auto
    if attended && !options.dryRun && !assembly.screen.policy.canPrompt {
      throw CommandFailure(
        .usage, "a guided walk needs a terminal", advice: "Run it unattended with --auto, or look first with -n.")
    }
    let place = try await assembly.place(named: options.environment, drill: options.drill)
    let approved = try approval(for: playbook, attended: attended)
    var request = try session.request(
      playbook, place: place, unattended: !attended, approved: approved,
      why: "\(playbook.id) started by \(assembly.actor)")
    if options.dryRun { return try await session.dryRun(request, place: place) }
    try await session.demandPrerequisites(&request, attended: attended)
    request.incident = try incident(for: request, place, assembly)
    let agreed = request
    try await session.drive(place, agreed, attended: attended) { try await $0.start(agreed) }
  }

  /// What has been agreed to as a whole. Unattended, everything the playbook changes has to be.
  private func approval(for playbook: Playbook, attended: Bool) throws -> Set<Effect> {
    if let given = options.confirm {
      guard let word = playbook.confirmationWord else {
        throw CommandFailure(
          .usage, "\(playbook.id) has no word to confirm", advice: "Leave --confirm out; --yes agrees to `write` steps."
        )
      }
      guard given == word else {
        throw CommandFailure(
          .stopped, "'\(given.visible)' is not the word of \(playbook.id); nothing was touched",
          advice: "andon playbook show \(playbook.id) tells the word.")
      }
      return [.read, .write, .destructive]
    }
    let approved: Set<Effect> = options.yes ? [.read, .write] : [.read]
    if attended || options.dryRun { return approved }
    let effects = Set(RunState(playbook: playbook).actingSteps.filter { $0.step.asksAhead }.map(\.step.effect))
    if effects.contains(.destructive) {
      throw CommandFailure(
        .usage, "\(playbook.id) has destructive steps and nobody is asked",
        advice: "Agree to them with its word: --confirm \(playbook.confirmationWord ?? "WORD")")
    }
    if effects.contains(.write) && !options.yes {
      throw CommandFailure(
        .usage, "\(playbook.id) changes things and nobody is asked", advice: "Agree to its `write` steps with --yes.")
    }
    return approved
  }

  /// The one named; else the only one that is open here; else a new one when the playbook has a severity.
  private func incident(for request: RunRequest, _ place: Place, _ assembly: Assembly) throws
    -> RunRequest.IncidentChoice
  {
    if let joined = try options.joinedIncident(assembly, place) { return joined }
    let new: RunRequest.IncidentChoice = request.playbook.severity == nil ? .none : .open(title: request.playbook.name)
    guard let known = try knownIncidents(for: request, assembly) else { return new }
    let open = known.filter {
      $0.moment(of: .resolved) == nil && $0.moment(of: .closed) == nil && $0.drill == request.drill
        && $0.environment == request.environment.name
    }
    guard open.count == 1, let only = open.first else { return new }
    if request.detected != nil {
      assembly.screen.warn(
        "\(only.id) keeps the moment it was detected; correct it with: andon incident edit \(only.id) --detected-at T")
    }
    assembly.screen.hint("joining \(only.id), the only open incident in \(request.environment.name)")
    return .join(only.id)
  }
}

extension Run {
  /// `nil`: there is no journal, or one that need not be waited for.
  private func knownIncidents(for request: RunRequest, _ assembly: Assembly) throws -> [IncidentState]? {
    let directory = assembly.stateDirectory
    let look = { @Sendable () -> Result<[IncidentState]?, any Error> in
      Result {
        guard let reader = try? JournalReader(directory: directory) else { return nil }
        let entries = try reader.lifecycle(
          [.incidentOpened, .severityChanged, .milestoneReached], of: reader.openIncidents())
        return IncidentState.all(in: entries.map(\.event))
      }
    }
    if request.playbook.emergencySteps.isEmpty { return try look().get() }
    return (try? Bounded.run(within: .milliseconds(500), look)?.get()) ?? nil
  }
}

extension Step {
  /// A manual step is a question to a person, and a message goes through the outbox: neither is asked for ahead.
  fileprivate var asksAhead: Bool {
    switch action {
    case .manual, .notify, .set: false
    default: true
    }
  }
}
