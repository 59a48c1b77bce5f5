internal import Engine
public import IncidentModel
public import Journaling
internal import Playbooks

/// Figures over many incidents: `andon metrics`. Drills never count among them.
public struct MetricsReport: Sendable {
  let request: MetricsRequest
  /// What lateness is measured against.
  let now: Timestamp
  /// In the order they were detected.
  let incidents: [IncidentFigure]
  /// So many drills were detected in the same time, and left out.
  let drillsLeftOut: Int
  let groups: [MetricsGroup]
  let targets: [TargetGroup]
  let repeats: [Repeat]
  let steps: [StepFigure]
  let drills: [DrillFigure]
  let followUps: FollowUpTally
  /// Follow-ups, postmortems and reviews that are late, whenever their incident was.
  let late: [DueItem]

  /// - Parameters:
  ///   - record: read from the journal.
  ///   - late: what is late of what `andon schedule` lists.
  /// - Throws: `JournalError` when the journal cannot be read.
  public init(
    _ record: FigureRecord, _ request: MetricsRequest = MetricsRequest(), now: Timestamp, late: [DueItem] = []
  ) throws(JournalError) {
    self.request = request
    self.now = now
    let detected = record.incidents.compactMap { incident in
      (incident.moment(of: .detected) ?? incident.openedAt).map { (incident, $0) }
    }.filter { request.includes($0.1) }.sorted { ($0.1, $0.0.id) < ($1.1, $1.0.id) }
    let real = detected.filter { !$0.0.drill }
    drillsLeftOut = detected.count - real.count
    let runs = Dictionary(grouping: record.runs.filter { !$0.drill && $0.incident != nil }, by: \.incident)
    let recent = record.runs.filter { request.includes($0.started) }
    let playbooks = try record.playbooks(
      Set(real.flatMap { runs[$0.0.id] ?? [] }.map(\.digest) + DrillFigure.chosen(recent).map(\.digest)))
    let incidents = real.map { incident, moment in
      IncidentFigure(
        incident, detected: moment, runs: runs[incident.id] ?? [], playbooks: playbooks, from: request.anchor)
    }
    self.incidents = incidents
    groups = MetricsGroup.all(incidents, request)
    targets = TargetGroup.all(incidents.flatMap(\.targets))
    repeats = Repeat.all(incidents)
    steps = StepFigure.all(try record.courses(of: StepFigure.chosen(recent)), recent)
    drills = DrillFigure.all(try record.courses(of: DrillFigure.chosen(recent)), recent, playbooks)
    followUps = FollowUpTally(real.map(\.0), ends: record.followUpEnds, now: now)
    self.late = late.filter { [.followUp, .postmortem, .review].contains($0.kind) }
  }

  func group(_ name: String) -> [IncidentFigure] {
    incidents.filter { $0.groups(by: request.grouping).contains(name) }
  }
}
