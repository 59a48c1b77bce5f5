internal import Actions
internal import ArgumentParser
internal import Console
internal import Engine
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Sandbox

struct MonitorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "monitor", abstract: "Look at the alert checks on their schedule; --once for cron.",
    discussion: """
      Looks at every check of monitors.yaml until Ctrl-C. A breach opens an incident, or adds to the open one; \
      recovery is recorded; a check that cannot be evaluated is an alert of its own. Nothing is changed by itself \
      unless a playbook is armed (andon playbook arm).

      --once looks at each now and says so in a line: exit 0 when all is well, 1 on a breach, 69 when there is none \
      but a check cannot be evaluated.

      Examples:
        andon monitor
        andon monitor --once
        andon monitor --once --only high-risk-orders --env staging
        andon monitor --jsonl
      """)

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment. Default: production.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @Flag(help: "Look at each once and leave.")
  var once = false

  @Option(help: ArgumentHelp("Only this check; may be given again.", valueName: "ID"), completion: .monitors)
  var only: [String] = []

  @Flag(help: "Print each look as a line of JSON.")
  var jsonl = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if global.json, !once {
      throw CommandFailure(
        .usage, "monitor has no end to make one object of", advice: "One look a line: --jsonl; or one look: --once")
    }
    let assembly = Assembly(global, machineReadable: jsonl)
    assembly.hideKnownSecrets()
    let file: MonitorFile
    do { file = try assembly.library.monitors() } catch { throw CommandFailure(.configuration, error) }
    let chosen = try chosen(of: file)
    let signals = CaughtSignals()
    let place = try await assembly.place(named: environment, drill: false)
    let session = MonitorSession(
      assembly: assembly, place: place, monitors: chosen,
      announce: file.announce, style: jsonl ? .lines : once ? (global.json ? .object : .table) : .news)
    do {
      let status = once ? try await session.lookOnce() : try await session.keepLooking(until: signals)
      await place.sandbox?.stop()
      if status.code != 0 { throw status }
    } catch let error as JournalError {
      throw CommandFailure(.journal, error.problem)
    }
  }

  private func chosen(of file: MonitorFile) throws -> [Monitor] {
    let ids = file.monitors.map(\.id)
    for id in only where !ids.contains(id) {
      throw CommandFailure(
        .usage, "--only: no monitor is named '\(id)'",
        advice: nearMiss(to: id, among: ids).map { "Did you mean '\($0)'?" }
          ?? "There are: \(ids.joined(separator: ", "))")
    }
    return only.isEmpty ? file.monitors : file.monitors.filter { only.contains($0.id) }
  }
}
