internal import Engine
public import IncidentModel
public import Journaling
internal import Playbooks

/// What is going on and what is due: `andon status`.
public struct StatusReport: Sendable {
  private let now: Timestamp
  private let incidents: [IncidentLine]
  private let runs: [OpenRun]
  private let outbox: [MessageAccount]

  /// A run that is not over.
  private struct OpenRun: Sendable {
    let line: RunLine
    /// `nil` when its entries cannot be read as a run.
    let account: RunAccount?

    var waiting: [Truth.Point] {
      guard let account else { return [] }
      return account.steps.filter { $0.record.state == .waiting }.map { Truth.Point($0, of: account.id) }
    }
  }

  /// - Parameter now: what the clocks are measured against.
  /// - Parameter isDriven: whether a living process drives the run; the journal alone cannot tell.
  /// - Throws: `JournalError` when the journal cannot be read.
  public init(reader: JournalReader, now: Timestamp, isDriven: (RunLine) -> Bool = { _ in true }) throws {
    let register = try Register(reader: reader)
    let open = try register.runs.filter { !$0.state.isOver }.map { line in
      var line = line
      line.interrupted = line.state == .running && !isDriven(line)
      let entries = try reader.entries(of: line.id)
      guard case .runStarted(let start)? = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact
      else { return (line, RunAccount?.none) }
      return (line, try? RunAccount(line.id, entries: entries, playbook: try Playbook.recorded(in: reader, of: start)))
    }
    self.init(register, openRuns: open, now: now)
  }

  /// - Parameter openRuns: every run that is not over, with what is known of it beyond the lists.
  public init(_ register: Register, openRuns: [(line: RunLine, account: RunAccount?)], now: Timestamp) {
    self.now = now
    incidents = register.incidents.filter { $0.moment(of: .closed) == nil }.map(IncidentLine.init)
    runs = openRuns.map { open in
      var line = open.account.map { RunLine($0) } ?? open.line
      line.interrupted = open.line.interrupted
      return OpenRun(line: line, account: open.account)
    }
    outbox = register.messages.filter(\.isPending)
  }

  private var next: [NextStep] {
    var steps = runs.map { run in
      switch run.line.state {
      case .waiting: NextStep(command: "andon resume \(run.line.id)", why: run.line.reason ?? "it is parked")
      default: NextStep.resume(run.line)
      }
    }
    steps += NextStep.outbox(outbox)
    return steps + incidents.map { NextStep.postmortem(of: $0.id) }
  }

  // MARK: - JSON

  public func json() throws -> String { try ReportJSON.text(Shape(self)) }

  private struct Shape: Encodable {
    let schemaVersion: Int
    let now: Timestamp
    let incidents: [IncidentLine]
    let runs: [Run]
    let outbox: [MessageLine]
    let next: [NextStep]

    /// The keys of a run in every list, and its clocks and open questions beside them.
    struct Run: Encodable {
      let line: RunLine
      let more: More

      struct More: Encodable {
        let targets: [Clock]
        let waiting: [Truth.Point]
      }

      func encode(to encoder: any Encoder) throws {
        try line.encode(to: encoder)
        try more.encode(to: encoder)
      }
    }

    /// A target with what is left of it at the moment of the report.
    struct Clock: Encodable {
      let target: TargetLine
      let more: More

      struct More: Encodable {
        /// Negative when overdue; `nil` unless open.
        @OrNull var remainingMilliseconds: Int64?
      }

      func encode(to encoder: any Encoder) throws {
        try target.encode(to: encoder)
        try more.encode(to: encoder)
      }
    }

    init(_ report: StatusReport) {
      schemaVersion = ReportJSON.schemaVersion
      now = report.now
      incidents = report.incidents
      outbox = report.outbox.map(MessageLine.init)
      next = report.next
      runs = report.runs.map { run in
        let clocks = (run.account?.targets ?? []).map { target in
          let left = target.remaining(detected: run.line.detected, now: report.now)
          return Clock(target: target, more: Clock.More(remainingMilliseconds: left?.wholeMilliseconds))
        }
        return Run(line: run.line, more: Run.More(targets: clocks, waiting: run.waiting))
      }
    }
  }

  // MARK: - Text

  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    if incidents.isEmpty && runs.isEmpty && outbox.isEmpty {
      return "Nothing is open: no incident, no run, no message."
    }
    var options = options
    options.now = now
    let parts = [
      incidentLines(options), runLines(options), outboxLines(options), NextStep.lines(next, options),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func incidentLines(_ options: TextOptions) -> [String] {
    let rows = incidents.map { incident in
      let place = incident.drill ? "DRILL" : incident.environment
      let age = incident.milestones.detected.map { "detected \((now - $0).agoText)" } ?? ""
      return [incident.id.description, incident.severity.rawValue, incident.status, place, age, incident.title]
    }
    return ["OPEN INCIDENTS (\(incidents.count))"]
      + TextTable(rows, overflow: .cut).lines(width: options.width, limits: [3: 12])
  }

  private func runLines(_ options: TextOptions) -> [String] {
    ["RUNS (\(runs.count))"]
      + runs.flatMap { run -> [String] in
        let line = run.line
        let incident = line.incident.map { "  \($0)" } ?? ""
        let head =
          "\(line.id)  \(line.stateWord)  \(line.playbook)\(incident)  \(line.place)  "
          + "since \(line.started.clockTime) UTC"
        let waiting = run.waiting.map { ["waits for", $0.title] }
        return TextTable([[head]]).lines(width: options.width)
          + TargetLine.lines(run.account?.targets ?? [], detected: line.detected, options, indent: 4)
          + TextTable(waiting, indent: 4).lines(width: options.width)
      }
  }

  private func outboxLines(_ options: TextOptions) -> [String] {
    let rows = outbox.map(MessageLine.init).map { [$0.id, $0.connection, $0.verdict] }
    return ["OUTBOX (\(outbox.count))"] + TextTable(rows).lines(width: options.width, limits: [0: 30])
  }
}

extension Duration {
  /// `12:16 ago`, `3 days ago`; for what lies ahead, `in 00:10`.
  fileprivate var agoText: String {
    if self < .zero { return "in \((.zero - self).clockText)" }
    let days = wholeMilliseconds / 86_400_000
    return days >= 2 ? "\(days) days ago" : "\(clockText) ago"
  }
}
