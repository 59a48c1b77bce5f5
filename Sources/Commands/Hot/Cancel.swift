internal import ArgumentParser
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling

struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End a run without the rest of it.",
    discussion: """
      A run that a process drives stops after its current step; with --now it does not wait for that step. A run that \
      is left open ends here and now. What was done stays done: 'andon show RUN' tells what is still true.

      Examples:
        andon cancel RUN-107
        andon cancel RUN-107 --now --why "wrong playbook"
      """)

  @Argument(help: "The run.", completion: .openRuns)
  var run: String

  @Flag(help: "Do not wait for the step that runs.")
  var now = false

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var options: RunOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    let (start, id) = try OpenRun(reader: assembly.openReader()).started(run)
    let journal = try assembly.openJournal()
    let incident = try journal.reader.entries(of: id).first?.event.incident
    try journal.append([
      Event(
        at: assembly.time.read(), actor: assembly.actor, incident: incident, run: id,
        .cancellationAsked(RunCancellation(now: now, why: why)))
    ])
    journal.close()
    let isDriven = Runner.isDriven(
      stateDirectory: assembly.stateDirectory, playbook: start.playbook, environment: start.environment,
      drill: start.drill)
    if isDriven {
      assembly.screen.record("\(id) stops \(now ? "now" : "after its current step"). Follow it: andon watch \(id)")
      return
    }
    let place = try await assembly.place(named: start.environment, drill: start.drill)
    try await RunSession(assembly: assembly, options: options).drive(place, attended: false) { runner in
      try await runner.resume(id, environment: place.file)
    }
  }
}
