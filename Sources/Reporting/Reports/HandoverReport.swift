public import Engine
public import IncidentModel
public import Journaling

/// What somebody has to know who takes over an incident: `andon postmortem summary`.
public struct HandoverReport: Sendable {
  let incident: IncidentLine
  let place: String
  let now: Timestamp
  /// From when on it is told what happened; `nil`: from the beginning.
  let since: Timestamp?
  /// What was recorded since then, as the story tells it.
  let happened: [TimelineRow]
  /// Runs that are not over.
  let runs: [RunLine]
  let clocks: [RunningClock]
  let truth: Truth
  let unsent: [MessageLine]
  let next: [NextStep]
  let head: HeadLine

  /// A target that is not judged yet, or was missed.
  struct RunningClock: Sendable, Codable {
    let name: String
    let run: RunID
    let state: TargetLine.State
    /// `met`, `MISSED`, `03:25 left`, in words.
    let verdict: String
    /// True while it can still be met and less than a quarter of it is left.
    let atRisk: Bool
    /// Negative when overdue; `nil` once it is judged.
    @OrNull var remainingMilliseconds: Int64?
  }

  /// - Parameters:
  ///   - now: what the clocks are measured against.
  ///   - isDriven: whether a living process drives the run; the journal alone cannot tell.
  public init(
    _ file: IncidentFile, now: Timestamp, since: Timestamp?, isDriven: (RunLine) -> Bool = { _ in true }
  ) {
    self.now = now
    self.since = since
    incident = IncidentLine(file.incident)
    place = PlaceText.of(
      incident.environment, production: file.runs.contains(where: \.start.production), drill: incident.drill)
    happened = Timeline.rows(of: file).filter { row in since.map { (row.recorded ?? row.at) >= $0 } ?? true }
    runs = file.runs.filter { !$0.isOver }.map { account in
      var line = RunLine(account)
      line.interrupted = line.state == .running && !isDriven(line)
      return line
    }
    clocks = file.runs.flatMap { run in
      run.targets.filter { $0.state != .met }.map { RunningClock($0, detected: run.start.detected, now: now) }
    }
    truth = Truth(file.runs)
    unsent = file.messages.filter(\.isPending).map(MessageLine.init)
    let driven = runs.filter { $0.state == .running }.map(NextStep.resume)
    next = driven + NextStep.all(for: file) + NextStep.milestones(of: incident, isReported: false)
    head = file.head
  }

  // MARK: - JSON

  public func json() throws -> String { try ReportJSON.text(Shape(self)) }

  private struct Shape: Encodable {
    let schemaVersion = ReportJSON.schemaVersion
    let now: Timestamp
    @OrNull var since: Timestamp?
    let incident: IncidentLine
    let happened: [TimelineRow]
    let runs: [RunLine]
    let clocks: [RunningClock]
    let truth: Truth
    let unsent: [MessageLine]
    let openFollowUps: [FollowUpLine]
    let next: [NextStep]
    let head: HeadLine

    init(_ report: HandoverReport) {
      (now, incident, happened, runs) = (report.now, report.incident, report.happened, report.runs)
      (clocks, truth, unsent) = (report.clocks, report.truth, report.unsent)
      (openFollowUps, next, head) = (report.openFollowUps, report.next, report.head)
      since = report.since
    }
  }
}

extension HandoverReport {
  var openFollowUps: [FollowUpLine] { incident.followUps.filter { $0.status == .open } }

  /// As many of the last lines of the story as somebody reads who has a minute, and how many that leaves out.
  var toRead: (rows: ArraySlice<TimelineRow>, left: Int) {
    let rows = happened.suffix(Self.mostRows)
    return (rows, happened.count - rows.count)
  }

  private static let mostRows = 25

  /// `Since 03:14:00 (2:00:00)`, `Since 2031-05-14 23:14:00 (…)`, `From the beginning`
  var period: String {
    guard let since else { return "From the beginning" }
    let day = since.calendarDate == now.calendarDate ? "" : "\(since.calendarDate) "
    return "Since \(day)\(since.clockTime), the last \((now - since).clockText)"
  }
}

extension HandoverReport.RunningClock {
  init(_ target: TargetLine, detected: Timestamp, now: Timestamp) {
    let left = target.remaining(detected: detected, now: now)
    name = target.name
    run = target.run
    state = target.state
    let isShort = left.map { left in left > .zero && left < (target.limit ?? .zero) / 4 } ?? false
    atRisk = isShort
    verdict = target.verdict(detected: detected, now: now) + (isShort ? ", AT RISK" : "")
    remainingMilliseconds = left?.wholeMilliseconds
  }
}
