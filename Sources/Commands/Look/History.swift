internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Reporting

struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Every incident and run there was.",
    discussion: """
      Examples:
        andon history
        andon history --severity P0 --since 90d
        andon history --playbook pause-trading --drill
      """)

  @Option(help: "Only this severity: P0 to P3.", completion: .severities)
  var severity: String?

  @Option(help: ArgumentHelp("Only since a moment, or for a time: 90d.", valueName: "WHEN"))
  var since: String?

  @Option(help: ArgumentHelp("Only runs of this playbook.", valueName: "ID"), completion: .playbooks)
  var playbook: String?

  @Flag(help: "Only drills.")
  var drill = false

  @OptionGroup var global: GlobalOptions

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
    let from = try since.map { text in
      try Duration(playbookText: text).map { now - $0 } ?? Moment.read(text, flag: "--since", now: now)
    }
    let report = try HistoryReport(
      reader: reader, filter: HistoryFilter(severity: worst, since: from, playbook: playbook, drill: drill ? true : nil)
    )
    assembly.screen.record(global.json ? try report.json() : report.text(assembly.layout))
  }
}
