internal import Engine
internal import IncidentModel

extension StatusReport {
  public func json() throws -> String { try ReportJSON.text(Shape(self)) }

  private struct Shape: Encodable {
    let schemaVersion: Int
    let now: Timestamp
    let incidents: [Beside<IncidentLine, Due>]
    let runs: [Beside<RunLine, Open>]
    let outbox: [MessageLine]
    let lateTasks: Int
    let late: [Late]
    let armed: [ArmedLine]
    let next: [NextStep]

    init(_ report: StatusReport) {
      schemaVersion = ReportJSON.schemaVersion
      now = report.now
      outbox = report.outbox.map(MessageLine.init)
      armed = report.armed
      next = report.next
      lateTasks = report.late.count
      late = report.late.map { Late(kind: $0.kind, subject: $0.subject, what: $0.what, command: $0.command) }
      incidents = report.incidents.map { incident in
        let late = incident.openFollowUps.filter { $0.isLate(at: report.now) }.map(\.number)
        return Beside(
          line: incident.line, more: Due(lateFollowUps: late, postmortemDue: incident.postmortemDue))
      }
      runs = report.runs.map { run in
        let clocks = (run.account?.targets ?? []).map { target in
          let left = target.remaining(detected: run.line.detected, now: report.now)
          return Beside(line: target, more: Left(remainingMilliseconds: left?.wholeMilliseconds))
        }
        return Beside(line: run.line, more: Open(targets: clocks, waiting: run.waiting, forecast: run.forecast))
      }
    }
  }

  private struct Late: Encodable {
    let kind: DueItem.Kind
    let subject: String
    let what: String
    let command: String
  }

  /// The keys that a thing has in every list, and those of this report beside them.
  private struct Beside<Line: Encodable, More: Encodable>: Encodable {
    let line: Line
    let more: More

    func encode(to encoder: any Encoder) throws {
      try line.encode(to: encoder)
      try more.encode(to: encoder)
    }
  }

  private struct Due: Encodable {
    /// The numbers of follow-ups that should have been done by now.
    let lateFollowUps: [Int]
    @OrNull var postmortemDue: Timestamp?
  }

  /// The clocks of a run and its open questions.
  private struct Open: Encodable {
    let targets: [Beside<TargetLine, Left>]
    let waiting: [Truth.Point]
    /// What earlier runs let one expect of the rest.
    @OrNull var forecast: ForecastLine?
  }

  /// What is left of a target at the moment of the report.
  private struct Left: Encodable {
    /// Negative when overdue; `nil` unless open.
    @OrNull var remainingMilliseconds: Int64?
  }
}
