internal import Engine
public import IncidentModel
public import Journaling
internal import Playbooks

/// One run for somebody who looks at it: `andon show RUN-1`.
public struct RunReport: Sendable {
  let account: RunAccount
  /// `nil` for a run outside any incident.
  let incident: IncidentState?
  let notes: Int
  let truth: Truth
  private(set) var next: [NextStep]
  let messages: [MessageAccount]
  /// `nil` for a run that was no drill.
  public private(set) var drill: DrillScore?
  /// What there is to learn from about the rest of it.
  private var earlier = EarlierRuns.none

  /// Reads the run, and the incident it belongs to, from a journal.
  /// - Throws: `Problem` when there is no such run; `JournalError` when the journal cannot be read.
  public init(_ run: RunID, reader: JournalReader) throws {
    let entries = try reader.entries(of: run)
    if let incident = entries.first?.event.incident {
      try self.init(run, in: IncidentFile(incident, reader: reader))
      earlier = try account.earlier(reader)
      return
    }
    guard case .runStarted(let start)? = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact else {
      throw RunStoryError.noSuchRun(run).problem
    }
    do {
      self.init(try RunAccount(run, entries: entries, playbook: try Playbook.recorded(in: reader, of: start)))
      if start.drill { drill = try DrillRecord(reader: reader).score(of: run) }
      earlier = try account.earlier(reader)
    } catch let error as RunStoryError { throw error.problem }
  }

  /// A run that belongs to an incident.
  public init(_ run: RunID, in file: IncidentFile) throws {
    guard let account = file.runs.first(where: { $0.id == run }) else { throw RunStoryError.noSuchRun(run).problem }
    let all = Truth(file.runs)
    let isTakenBack = all.takenBack.contains { $0.run == run }
    self.init(
      account, incident: file.incident, truth: all.only(run),
      messages: file.messages.filter { $0.run == run },
      next: NextStep.all(for: account, isTakenBack: isTakenBack), postmortem: [NextStep.postmortem(of: file.id)])
    drill = file.drills[run]
  }

  /// A run outside any incident.
  public init(_ account: RunAccount) {
    self.init(
      account, incident: nil, truth: Truth([account]), messages: MessageAccount.all(in: account.entries),
      next: NextStep.all(for: account, isTakenBack: false), postmortem: [])
    drill = DrillScore(of: account, among: [])
  }

  private init(
    _ account: RunAccount, incident: IncidentState?, truth: Truth, messages: [MessageAccount], next: [NextStep],
    postmortem: [NextStep]
  ) {
    self.account = account
    self.incident = incident
    self.truth = truth
    self.messages = messages
    notes = account.entries.filter { $0.event.fact.kind == .noted }.count
    self.next = next + NextStep.outbox(messages) + (account.isOver || account.state.phase == .waiting ? postmortem : [])
  }

  /// True when it is not over and the process that drove it is gone; the journal alone cannot tell.
  public private(set) var isInterrupted = false

  /// Looks whether the run is still driven, if it is one that should be.
  public mutating func notice(isDriven: (RunLine) -> Bool) {
    var line = RunLine(account)
    guard line.state == .running else { return }
    isInterrupted = !isDriven(line)
    line.interrupted = isInterrupted
    next.insert(.resume(line), at: 0)
  }

  /// The exit code of the process that brought the run here; `nil` while it runs.
  public var exitCode: Int? { account.exitCode }

  /// What earlier runs let one expect of the rest; `nil` when it is over, and when too few tell anything.
  /// - Parameter now: `nil`: as it was at its last entry.
  public func forecast(at now: Timestamp?) -> ForecastLine? { account.forecast(earlier, at: now) }

  // MARK: - JSON

  public func json() throws -> String { try ReportJSON.text(Shape(self)) }

  private struct Shape: Codable {
    let schemaVersion: Int
    let run: RunLine
    let steps: [StepLine]
    let targets: [TargetLine]
    let messages: [MessageLine]
    let truth: Truth
    let handovers: [HandoverLine]
    let clockJumps: [ClockJump]
    @OrNull var cancellation: CancellationLine?
    let next: [NextStep]
    @OrNull var drill: DrillScore?
    @OrNull var forecast: ForecastLine?
    let head: HeadLine

    init(_ report: RunReport) {
      schemaVersion = ReportJSON.schemaVersion
      run = RunLine(report.account)
      steps = report.account.steps.map(StepLine.init)
      targets = report.account.targets
      messages = report.messages.map(MessageLine.init)
      truth = report.truth
      handovers = report.account.handovers
      clockJumps = report.account.clockJumps
      cancellation = report.account.cancellation
      next = report.next
      drill = report.drill
      forecast = report.forecast(at: nil)
      head = HeadLine(report.account.entries[report.account.entries.count - 1])
    }
  }

  // MARK: - One step

  /// - Parameter name: the id of a step, or its number.
  public func step(_ name: String) throws(Problem) -> StepReport {
    let steps = account.steps
    let numbered = Int(name).flatMap { number in steps.first { $0.number == number } }
    if let step = steps.first(where: { $0.id.rawValue == name }) ?? numbered { return StepReport(account, step) }
    let meant = nearMiss(to: name, among: steps.map(\.id.rawValue)).map { "did you mean '\($0)'? " } ?? ""
    throw Problem(
      "\(account.id) has no step '\(name.visible)'",
      advice: "\(meant)Name a step by its id or its number, 1 to \(steps.count).")
  }
}

extension Truth {
  fileprivate func only(_ run: RunID) -> Truth {
    Truth(
      verified: verified.filter { $0.run == run }, notKnown: notKnown.filter { $0.run == run },
      open: open.filter { $0.run == run }, rolledBack: rolledBack.filter { $0.run == run },
      takenBack: takenBack.filter { $0.run == run })
  }

  private init(verified: [Reading], notKnown: [Point], open: [Point], rolledBack: [Point], takenBack: [TakenBack]) {
    self.verified = verified
    self.notKnown = notKnown
    self.open = open
    self.rolledBack = rolledBack
    self.takenBack = takenBack
  }
}
