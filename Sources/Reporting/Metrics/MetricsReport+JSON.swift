internal import Engine
internal import IncidentModel

extension MetricsReport {
  /// One object. Every duration is in milliseconds and says so in its key.
  public func json() throws -> String { try ReportJSON.text(Shape(self)) }

  private struct Shape: Encodable {
    let schemaVersion: Int
    let by: MetricsRequest.Grouping
    let from: MetricsRequest.Anchor
    @OrNull var since: Timestamp?
    @OrNull var until: Timestamp?
    let incidents: [Incident]
    let drillsLeftOut: Int
    let groups: [Group]
    let targets: [Target]
    let repeats: [Repeat]
    let steps: [StepShape]
    let drills: [DrillFigure]
    let followUps: FollowUpTally
    let late: [Late]

    init(_ report: MetricsReport) {
      schemaVersion = ReportJSON.schemaVersion
      by = report.request.grouping
      from = report.request.anchor
      incidents = report.incidents.map(Incident.init)
      drillsLeftOut = report.drillsLeftOut
      groups = report.groups.map { Group($0, report.request) }
      targets = report.targets.map { Target(playbook: $0.playbook, target: $0.name, tally: $0.tally) }
      repeats = report.repeats
      steps = report.steps.map(StepShape.init)
      drills = report.drills
      followUps = report.followUps
      late = report.late.map { Late(kind: $0.kind, subject: $0.subject, what: $0.what, command: $0.command) }
      since = report.request.since
      until = report.request.until
    }
  }

  private struct Incident: Encodable {
    let id: IncidentID
    let title: String
    let severity: Severity
    let environment: String
    let detected: Timestamp
    let playbooks: [String]
    let labels: [String]
    /// By the name of the figure; `null` where there is none.
    let times: [String: Int64?]
    let targets: TargetTally

    init(_ incident: IncidentFigure) {
      id = incident.id
      title = incident.title
      severity = incident.severity
      environment = incident.environment
      detected = incident.detected
      playbooks = incident.playbooks
      labels = incident.labels
      times = Dictionary(
        uniqueKeysWithValues: Measure.allCases.map { ($0.key, incident.times[$0]?.milliseconds) })
      targets = TargetTally(incident.targets)
    }
  }

  private struct Group: Encodable {
    let group: String
    let incidents: Int
    let targets: TargetTally
    let times: [Times]

    init(_ group: MetricsGroup, _ request: MetricsRequest) {
      self.group = group.name
      incidents = group.incidents
      targets = group.targets
      times = group.times.map { Times($0, request) }
    }
  }

  private struct Times: Encodable {
    let name: String
    let meaning: String
    let from: String
    let to: Milestone
    let count: Int
    @OrNull var medianMilliseconds: Int64?
    @OrNull var p90Milliseconds: Int64?
    @OrNull var meanMilliseconds: Int64?
    @OrNull var minimumMilliseconds: Int64?
    @OrNull var maximumMilliseconds: Int64?
    let dots: [MeasureGroup.Dot]
    let missing: [MeasureGroup.Missing]

    init(_ group: MeasureGroup, _ request: MetricsRequest) {
      name = group.measure.key
      meaning = group.measure.meaning
      from = group.measure.begin(request.anchor)
      to = group.measure.end
      count = group.spread?.count ?? 0
      dots = group.dots
      missing = group.missing
      medianMilliseconds = group.spread?.median
      p90Milliseconds = group.spread?.p90
      meanMilliseconds = group.spread?.mean
      minimumMilliseconds = group.spread?.minimum
      maximumMilliseconds = group.spread?.maximum
    }
  }

  private struct Target: Encodable {
    let playbook: String
    let target: String
    let tally: TargetTally
  }

  private struct StepShape: Encodable {
    let playbook: String
    let step: String
    let fromDrills: Bool
    let runs: Int
    let failed: Int
    let failureRatePercent: Int
    @OrNull var medianMilliseconds: Int64?
    @OrNull var p90Milliseconds: Int64?
    @OrNull var meanMilliseconds: Int64?
    let milliseconds: [Int64]

    init(_ step: StepFigure) {
      playbook = step.playbook
      self.step = step.step
      fromDrills = step.areDrills
      runs = step.runs
      failed = step.failed
      failureRatePercent = step.failureRate
      milliseconds = step.times
      medianMilliseconds = step.spread?.median
      p90Milliseconds = step.spread?.p90
      meanMilliseconds = step.spread?.mean
    }
  }

  private struct Late: Encodable {
    let kind: DueItem.Kind
    let subject: String
    let what: String
    let command: String
  }
}

// MARK: - CSV

extension MetricsReport {
  /// One row for each incident, as RFC 4180 has it; durations in milliseconds, nothing where there is none.
  public var csv: String {
    var head = ["incident", "title", "severity", "environment", "detected", "playbooks", "labels"]
    head += Measure.allCases.map { "\($0.key)_ms" }
    head += ["targets_met", "targets_missed", "targets_not_reached"]
    let rows = incidents.map { incident -> [String] in
      let tally = TargetTally(incident.targets)
      let what = [
        incident.id.description, incident.title, incident.severity.rawValue, incident.environment,
        incident.detected.description, incident.playbooks.joined(separator: " "),
        incident.labels.joined(separator: " "),
      ]
      let times = Measure.allCases.map { measure in
        incident.times[measure]?.milliseconds.map { String($0) } ?? ""
      }
      return what + times + [tally.met, tally.missed, tally.notReached].map { String($0) }
    }
    return CSV.text([head] + rows)
  }
}

extension Measure {
  /// `ttd`, `impact`
  var key: String { rawValue.lowercased() }
}
