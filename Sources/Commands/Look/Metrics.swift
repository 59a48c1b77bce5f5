internal import ArgumentParser
internal import Console
internal import IncidentModel
internal import Journaling
internal import Reporting

struct Metrics: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv, html
  }

  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Figures over all incidents: how fast, how often, how well.",
    discussion: """
      Times to detect, acknowledge, mitigate and resolve with n, median, p90, mean and a dot for each incident; targets \
      met; what repeats; how long each step takes and how often it fails; drills; what is late. Drills never count as \
      incidents. Of everything on record, unless --since says otherwise. Changes nothing.

      Examples:
        andon metrics
        andon metrics --since 90d --by month
        andon metrics --since 2031-01-01 --until 2031-04-01 --by playbook
        andon metrics --csv > incidents.csv
        andon metrics --format html --out figures.html
      """)

  @Option(
    help: ArgumentHelp(
      "Put side by side by severity, month, week, playbook, environment or label.", valueName: "WHAT"),
    completion: .list(MetricsRequest.Grouping.allCases.map(\.rawValue)), transform: { try Metrics.word($0) })
  var by = MetricsRequest.Grouping.severity

  @Option(help: ArgumentHelp("Detected then or later: 90d, a day, or a moment (UTC).", valueName: "WHEN"))
  var since: String?

  @Option(help: ArgumentHelp("Detected before then: 7d, a day, or a moment (UTC).", valueName: "WHEN"))
  var until: String?

  @Option(
    help: ArgumentHelp("What times count from: detected, started or declared.", valueName: "MOMENT"),
    completion: .list(MetricsRequest.Anchor.allCases.map(\.rawValue)), transform: { try Metrics.word($0) })
  var from = MetricsRequest.Anchor.detected

  @Flag(help: "One row for each incident, for a spreadsheet.")
  var csv = false

  @Option(help: "text, json, csv or html.")
  var format: Format?

  @Option(help: ArgumentHelp("The file to write; without it, or with -, it is printed.", valueName: "FILE"))
  var out: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let wishes = Set([csv ? Format.csv : nil, global.json ? .json : nil, format].compactMap { $0 })
    if wishes.count > 1 {
      throw ValidationError("\(wishes.map(\.rawValue).sorted().joined(separator: " and ")): give one format")
    }
  }

  func run() throws {
    let assembly = Assembly(global)
    let now = assembly.time.read().wall
    let request = MetricsRequest(
      by: by, from: from, since: try since.map { try Self.moment($0, "--since", now) },
      until: try until.map { try Self.moment($0, "--until", now) })
    if let since = request.since, let until = request.until, since >= until {
      throw CommandFailure(
        .usage, "--since \(since) is not before --until \(until)", advice: "No incident can lie between them.")
    }
    let reader = try assembly.openReader()
    let record = try FigureRecord(reader: reader)
    let late = try assembly.schedule(reader, environment: nil).late
    try show(MetricsReport(record, request, now: now, late: late), assembly)
  }

  private func show(_ report: MetricsReport, _ assembly: Assembly) throws {
    let text: String
    switch global.json ? .json : csv ? .csv : format ?? .text {
    case .text: text = report.text(assembly.layout)
    case .json: text = try report.json()
    case .csv: text = report.csv
    case .html: text = report.html
    }
    try assembly.handOut(text, to: out, asJSON: global.json) { "Figures written to \($0)" }
  }

  private static func word<Word: RawRepresentable & CaseIterable>(_ text: String) throws -> Word
  where Word.RawValue == String {
    if let word = Word(rawValue: text) { return word }
    let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("'\(text)' is none of \(known)")
  }

  private static func moment(_ text: String, _ flag: String, _ now: Timestamp) throws -> Timestamp {
    try Timestamp("\(text)T00:00:00Z") ?? Moment.back(text, flag: flag, now: now)
  }
}
