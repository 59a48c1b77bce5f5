internal import ArgumentParser
internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks

struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Continue an interrupted or parked run.",
    discussion: """
      Asks the world first what became of steps whose outcome was not recorded, and never repeats a step by guess. \
      In a terminal it then asks for what is left to a person; without one it does what it can and parks again.

      Examples:
        andon resume
        andon resume RUN-107
        andon resume RUN-107 --var pin=env:PIN     a secret is not on record; a terminal asks for it
      """)

  @Argument(help: "The run. Not needed when only one is open.", completion: .openRuns)
  var run: String?

  @OptionGroup var options: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try refuseStartOptions()
    let assembly = Assembly(global, machineReadable: options.jsonl)
    let reader = try assembly.openReader()
    let id = try chosen(reader)
    let start = try OpenRun(reader: reader).start(of: id)
    try refuseBeforeImport(id, assembly)
    let playbook = try reader.playbookText(digest: start.digest).flatMap { text in
      PlaybookLoader(library: nil).loadRecorded(text: text, file: "\(start.playbook).yaml").playbook
    }
    if let inverse = playbook?.inverse { try refuseTakenBack(id, start, by: inverse, reader) }
    let attended = !options.auto && assembly.screen.policy.canPrompt
    let agreement = try agreement(to: start, id, of: playbook, reader, assembly, attended: attended)
    let place = try await assembly.place(named: start.environment, drill: start.drill)
    try await RunSession(assembly: assembly, options: options).drive(place, attended: attended) { runner in
      try await runner.resume(id, environment: place.file, agreement: agreement)
    }
  }

  /// What a run did without the journal has to be known before anybody goes on with it.
  private func refuseBeforeImport(_ id: RunID, _ assembly: Assembly) throws {
    let spools = (try? SpoolStory.all(in: assembly.spools.waiting()).spools) ?? []
    guard spools.contains(where: { $0.events.contains { $0.run == id } }) else { return }
    throw CommandFailure(
      .notAllowed, "a spool holds what \(id) did while the journal could not be written",
      advice: "Bring it into the journal first: andon journal import-spool")
  }

  /// What this run proved is not true any more once its inverse has run: what is left of it would act on another world.
  private func refuseTakenBack(_ id: RunID, _ start: RunStart, by inverse: String, _ reader: JournalReader) throws {
    let since = try reader.runs(of: inverse, drill: start.drill).filter { $0 > id }
    for entry in try reader.lifecycle([.runStarted], of: since) {
      guard case .runStarted(let later) = entry.event.fact, let other = entry.event.run,
        later.playbook == inverse, later.environment == start.environment, later.drill == start.drill
      else { continue }
      throw CommandFailure(
        .notAllowed, "\(other) \(inverse) came after \(id), so what \(id) has done does not stand any more",
        advice: "End it: andon cancel \(id). To do it again, begin anew: \(start.playbook).")
    }
  }

  /// A run goes on as it was started.
  private func refuseStartOptions() throws {
    let given = [
      ("-n", options.dryRun), ("--drill", options.drill), ("--env", options.environment != nil),
      ("--incident", options.incident != nil), ("--detected-at", options.detectedAt != nil),
      ("--from", options.from != nil), ("--only", options.only != nil),
    ]
    if let first = given.first(where: \.1) {
      throw CommandFailure(
        .usage, "resume takes no \(first.0): a run goes on as it was started",
        advice: "andon show tells what is left of it.")
    }
  }

  private func agreement(
    to start: RunStart, _ id: RunID, of playbook: Playbook?, _ reader: JournalReader, _ assembly: Assembly,
    attended: Bool
  ) throws -> ResumeAgreement {
    var agreement = ResumeAgreement(
      approved: options.yes ? [.write] : [], onFailure: try options.failurePolicy(), given: try options.given())
    if let given = options.confirm {
      guard given == playbook?.confirmationWord else {
        throw CommandFailure(.stopped, "'\(given.visible)' is not the word of \(start.playbook); nothing was touched")
      }
      agreement.approved = [.write, .destructive]
    }
    if let playbook {
      agreement.given = try SecretsAgain(assembly: assembly, reader: reader).complete(
        options, for: playbook, start, id, attended: attended)
    }
    return agreement
  }

  private func chosen(_ reader: JournalReader) throws -> RunID {
    if let run {
      guard let id = RunID(run) else {
        throw CommandFailure(.usage, "'\(run)' is not of the form RUN-1", advice: "andon status lists open runs.")
      }
      return id
    }
    let open = try OpenRun(reader: reader).roots()
    switch open.count {
    case 1: return open[0]
    case 0: throw CommandFailure(.usage, "no run is open", advice: "andon history lists the runs there were.")
    default:
      throw CommandFailure(
        .usage, "which run? Open are: \(open.map(\.description).joined(separator: ", "))",
        advice: "For example: andon resume \(open[open.count - 1])")
    }
  }
}
