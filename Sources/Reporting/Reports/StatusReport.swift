public import Engine
public import IncidentModel
public import Journaling
internal import Playbooks

/// What is going on and what is due: `andon status`.
public struct StatusReport: Sendable {
  let now: Timestamp
  /// What a monitor may start by itself.
  let armed: [ArmedLine]
  let incidents: [OpenIncident]
  /// Closed incidents that still owe something: a report, or what was to be done afterwards.
  let owing: [OpenIncident]
  private(set) var runs: [OpenRun]
  /// Runs of open incidents whose last word was a failure.
  let failed: [RunLine]
  let outbox: [MessageAccount]
  /// What is late of what `andon schedule` lists, the most urgent first.
  var late: [DueItem] = []

  /// An incident that is not closed.
  struct OpenIncident: Sendable {
    let line: IncidentLine
    let place: String
    let hasRuns: Bool
    let isReported: Bool
    /// When its postmortem has to be written; `nil` once it is, and where nothing asks for one.
    let postmortemDue: Timestamp?

    var openFollowUps: [FollowUpLine] { line.followUps.filter { $0.status == .open } }
  }

  /// A run that is not over.
  struct OpenRun: Sendable {
    let line: RunLine
    /// `nil` when its entries cannot be read as a run.
    let account: RunAccount?
    /// What earlier runs let one expect of the rest; `nil` when too few tell anything.
    var forecast: ForecastLine?

    var waiting: [Truth.Point] { points { $0.record.state == .waiting } }

    /// Steps that did not come to a good end and that nobody has decided on.
    var troubles: [Truth.Point] { points { $0.record.isBad } }

    private func points(where holds: (StepAccount) -> Bool) -> [Truth.Point] {
      guard let account else { return [] }
      return account.steps.filter(holds).map { Truth.Point($0, of: account.id) }
    }
  }

  /// - Parameters:
  ///   - now: what the clocks are measured against.
  ///   - reports: what is asked of postmortems, and which are written.
  ///   - isDriven: whether a living process drives the run; the journal alone cannot tell.
  /// - Throws: `JournalError` when the journal cannot be read.
  public init(
    reader: JournalReader, now: Timestamp, reports: ReportDuty = .none, isDriven: (RunLine) -> Bool = { _ in true }
  ) throws {
    let register = try Register(standing: reader, reports: reports)
    let open = try register.runs.filter { !$0.state.isOver }.map { line in
      var line = line
      line.interrupted = line.state == .running && !isDriven(line)
      let entries = try reader.entries(of: line.id)
      guard case .runStarted(let start)? = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact
      else { return (line, RunAccount?.none) }
      return (line, try? RunAccount(line.id, entries: entries, playbook: try Playbook.recorded(in: reader, of: start)))
    }
    let armed = ArmedPlaybooks(try reader.lifecycle(ArmedPlaybooks.kinds).map(\.event)).all(at: now)
    self.init(register, openRuns: open, now: now, reports: reports, armed: armed)
    for place in runs.indices {
      guard let account = runs[place].account else { continue }
      runs[place].forecast = account.forecast(try account.earlier(reader), at: now)
    }
  }

  /// - Parameter openRuns: every run that is not over, with what is known of it beyond the lists.
  public init(
    _ register: Register, openRuns: [(line: RunLine, account: RunAccount?)], now: Timestamp,
    reports: ReportDuty = .none, armed: [ArmedPlaybooks.Arming] = []
  ) {
    self.now = now
    func told(_ incident: IncidentState) -> OpenIncident {
      let runs = register.runs.filter { $0.incident == incident.id }
      let begin = incident.moment(of: .detected) ?? incident.openedAt
      let isReported = reports.isWritten(incident.id)
      let window = isReported ? nil : reports.window(incident.severity)
      return OpenIncident(
        line: IncidentLine(incident),
        place: PlaceText.of(
          incident.environment, production: runs.contains(where: \.production), drill: incident.drill),
        hasRuns: !runs.isEmpty, isReported: isReported,
        postmortemDue: begin.flatMap { begin in window.map { begin + $0 } })
    }
    incidents = register.incidents.filter { $0.moment(of: .closed) == nil }.map(told)
    owing = register.incidents.filter { $0.moment(of: .closed) != nil && !$0.drill }.map(told).filter {
      !$0.openFollowUps.isEmpty || $0.postmortemDue != nil
    }
    let open = Set(incidents.map(\.line.id))
    failed = Dictionary(grouping: register.runs.filter { $0.incident.map(open.contains) ?? false }, by: \.playbook)
      .compactMap { $0.value.last }.filter { $0.state == .failed }.sorted { $0.id < $1.id }
    runs = openRuns.map { open in
      var line = open.account.map { RunLine($0) } ?? open.line
      line.interrupted = open.line.interrupted
      return OpenRun(line: line, account: open.account, forecast: nil)
    }
    outbox = register.messages.filter(\.isPending)
    self.armed = armed.map(ArmedLine.init)
  }

  /// The same, with what is late of what `andon schedule` lists.
  public func mentioning(late: [DueItem]) -> StatusReport {
    var report = self
    report.late = late
    return report
  }

  var isQuiet: Bool { incidents.isEmpty && owing.isEmpty && runs.isEmpty && outbox.isEmpty }

  var next: [NextStep] {
    if isQuiet { return NextStep.beginnings }
    let runs = runs.map { run in
      run.line.state == .waiting
        ? NextStep.parked(run.line, handover: run.account?.handovers.last) : NextStep.resume(run.line)
    }
    let incidents = incidents.flatMap { incident -> [NextStep] in
      let procedure = NextStep(command: "andon playbook list", why: "no procedure has been run for \(incident.line.id)")
      let isActed = incident.hasRuns || incident.line.status != "open"
      return (isActed ? [] : [procedure])
        + NextStep.milestones(of: incident.line, isReported: incident.isReported)
    }
    let failures = failed.map { NextStep(command: "andon show \($0.id)", why: "\($0.playbook) FAILED") }
    let owed =
      owing.filter { $0.postmortemDue != nil }.map { NextStep.postmortem(of: $0.line.id) }
      + owing.filter { !$0.openFollowUps.isEmpty }.map {
        NextStep(command: "andon incident followup list \($0.line.id)", why: "is to be done after \($0.line.id)")
      }
    return runs + failures + NextStep.outbox(outbox) + incidents + owed
  }
}

/// What is asked of postmortems, and which are written: neither is in the journal.
public struct ReportDuty: Sendable {
  /// How long after *detected* the postmortem of such an incident has to be there; `nil` where nothing says so.
  let window: @Sendable (Severity) -> Duration?
  let isWritten: @Sendable (IncidentID) -> Bool

  /// Whether any incident has to have a report.
  var asks: Bool { Severity.allCases.contains { window($0) != nil } }

  public static let none = ReportDuty(window: { _ in nil }, isWritten: { _ in false })

  public init(
    window: @escaping @Sendable (Severity) -> Duration?, isWritten: @escaping @Sendable (IncidentID) -> Bool
  ) {
    self.window = window
    self.isWritten = isWritten
  }
}
