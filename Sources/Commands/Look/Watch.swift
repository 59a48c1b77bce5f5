internal import ArgumentParser
internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Reporting

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Follow a run or an incident live, read-only.",
    discussion: """
      Prints what has happened so far, then each event as it is recorded, until the run is over or the incident is \
      closed. Ctrl-C stops the watching, never the run. Without an id it is the only run that is open, else the only \
      incident.

      Examples:
        andon watch
        andon watch RUN-107
        andon watch INC-42 --jsonl
      """)

  @Argument(help: "INC-1 or RUN-1.", completion: .records)
  var id: String?

  @Flag(help: "Print one event a line, as JSON.")
  var jsonl = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    if global.json {
      throw CommandFailure(.usage, "watch has no end to make one object of", advice: "One event a line: --jsonl")
    }
    let assembly = Assembly(global, machineReadable: jsonl)
    let signals = CaughtSignals()
    // The reader goes before the watching begins: a copy that it may have made is not left behind.
    var watching = try beginning(assembly)
    while !watching.isOver, !StandardOutput.isGone {
      if let signal = signals.first { throw Ending(signal: signal) }
      try await Task.sleep(for: .milliseconds(300))
      try watching.look()
    }
  }

  private func beginning(_ assembly: Assembly) throws -> Watching {
    let reader = try assembly.openReader()
    let subject = try WatchedSubject.chosen(id, reader)
    let observer: any RunObserver =
      jsonl
      ? EventLines(screen: assembly.screen)
      : RunTranscript(screen: assembly.screen, time: assembly.time, verbose: assembly.verbose)
    let view = WatchView(screen: assembly.screen, observer: observer, tellsAll: !jsonl)
    return try Watching(subject, reader, assembly, view)
  }
}
