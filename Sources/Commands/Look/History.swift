internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "The incidents and runs there were.",
    discussion: """
      The newest 50 of each; --all shows every one. --json holds every one, unless --limit says how many.

      Examples:
        andon history
        andon history --severity P0 --since 90d
        andon history --playbook pause-trading --drill
        andon history --limit 10
      """)

  /// What a person still reads.
  private static let usualLimit = 50

  @Option(help: "Only this severity: P0 to P3.", completion: .severities)
  var severity: String?

  @Option(help: ArgumentHelp("Only since a moment, or for a time: 90d.", valueName: "WHEN"))
  var since: String?

  @Option(help: ArgumentHelp("Only runs of this playbook.", valueName: "ID"), completion: .playbooks)
  var playbook: String?

  @Flag(help: "Only drills.")
  var drill = false

  @Option(
    help: ArgumentHelp("So many incidents and runs at most, the newest. Default: 50; with --json all.", valueName: "N"))
  var limit: Int?

  @Flag(help: "Every one, however many there are.")
  var all = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on, not \(limit)") }
    if limit != nil && all { throw ValidationError("--limit and --all contradict each other: give one of them") }
  }

  func run() throws {
    let assembly = Assembly(global)
    let reader = try assembly.openReader()
    let now = assembly.time.read().wall
    let worst = try severity.map { text in
      guard let severity = Severity(rawValue: text.uppercased()) else {
        throw CommandFailure(.usage, "--severity takes P0, P1, P2 or P3, not '\(text)'")
      }
      return severity
    }
    let from = try since.map { try Moment.back($0, flag: "--since", now: now) }
    let filter = HistoryFilter(severity: worst, since: from, playbook: playbook, drill: drill ? true : nil)
    let most = all ? nil : limit ?? (global.json ? nil : Self.usualLimit)
    let report =
      if let most { try HistoryReport(newest: most, reader: reader, filter: filter) } else {
        try HistoryReport(reader: reader, filter: filter)
      }
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }
}
