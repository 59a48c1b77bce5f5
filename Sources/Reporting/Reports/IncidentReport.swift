internal import Engine
public import IncidentModel
public import Journaling

/// One incident for somebody who looks at it: `andon show INC-1`.
public struct IncidentReport: Sendable {
  private let file: IncidentFile
  private let timeline: [TimelineRow]

  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader) throws { self.init(try IncidentFile(id, reader: reader)) }

  public init(_ file: IncidentFile) {
    self.file = file
    timeline = Timeline.rows(of: file)
  }

  private static func next(_ file: IncidentFile) -> [NextStep] {
    let milestones = NextStep.milestones(of: IncidentLine(file.incident), isReported: false)
    let postmortem = NextStep.postmortem(of: file.id)
    return NextStep.all(for: file) + milestones + (milestones.contains(postmortem) ? [] : [postmortem])
  }

  // MARK: - JSON

  public func json() throws -> String { try ReportJSON.text(Shape(file, timeline)) }

  private struct Shape: Codable {
    let schemaVersion: Int
    let incident: IncidentLine
    let roleHistory: [RoleLine]
    let escalations: [EscalationLine]
    let metrics: [Metric]
    let targets: [TargetLine]
    let runs: [RunLine]
    let timeline: [TimelineRow]
    let messages: [MessageLine]
    let truth: Truth
    let next: [NextStep]
    let drills: [DrillScore]
    let head: HeadLine

    init(_ file: IncidentFile, _ timeline: [TimelineRow]) {
      schemaVersion = ReportJSON.schemaVersion
      incident = IncidentLine(file.incident)
      roleHistory = RoleLine.all(in: file.entries)
      escalations = EscalationLine.all(in: file.entries)
      metrics = Metric.all(of: file.incident)
      targets = file.runs.flatMap(\.targets)
      runs = file.runs.map { RunLine($0) }
      self.timeline = timeline
      messages = file.messages.map(MessageLine.init)
      truth = Truth(file.runs)
      next = IncidentReport.next(file)
      drills = file.runs.compactMap { file.drills[$0.id] }
      head = file.head
    }
  }

  // MARK: - Text

  /// The incident as plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    let story = timeline.isEmpty ? [] : ["Timeline:"] + TimelineText(timeline, width: options.width).lines
    let parts = [
      head(options), people(options), followUps(options), metrics(options), runs(options), story, messages(options),
      NextStep.lines(Self.next(file), options), record(options),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func head(_ options: TextOptions) -> [String] {
    let incident = IncidentLine(file.incident)
    let place = PlaceText.of(
      incident.environment, production: file.runs.contains(where: \.start.production), drill: incident.drill)
    let day = incident.opened.map { "   \($0.calendarDate) (times are UTC)" } ?? ""
    let changes = incident.severityHistory.map { line in
      "\(line.severity.rawValue) since \(line.at.clockTime) by \(line.by): \(line.why)"
    }
    let rows = [incident.title, "\(place)   opened by \(incident.openedBy)\(day)", incident.milestoneText] + changes
    let title = "\(incident.id)  \(incident.severity.rawValue)  \(incident.status.uppercased())"
    return [title]
      + TextTable(rows.filter { !$0.isEmpty }.map { [$0] }).lines(width: options.width)
  }

  private func metrics(_ options: TextOptions) -> [String] {
    let rows = Metric.all(of: file.incident).map { metric in
      let missing = metric.missing.map { ": \($0)" } ?? ""
      return [metric.name, metric.text, "\(metric.from.rawValue) to \(metric.to.rawValue)\(missing)"]
    }
    return TextTable(rows, alignedRight: [1]).lines(width: options.width)
  }

  private func runs(_ options: TextOptions) -> [String] {
    file.runs.flatMap { run -> [String] in
      let line = RunLine(run)
      let head =
        "\(run.id) \(line.playbook)  \(line.state.rawValue)  \(line.started.clockTime)  "
        + StepCounts(run.steps).text
      return TextTable([[head]], indent: 0).lines(width: options.width)
        + TargetLine.lines(run.targets, detected: run.start.detected, options)
        + (file.drills[run.id].map { TextTable([["drill: \($0.verdict)"]]).lines(width: options.width) } ?? [])
    }
  }

  /// Who has which role, and who was called.
  private func people(_ options: TextOptions) -> [String] {
    let roles = Role.allCases.map { [$0.rawValue, file.incident.roles[$0] ?? "nobody"] }
    let calls = EscalationLine.all(in: file.entries).map { line in
      let who = "\(line.title.isEmpty ? line.contact : line.title)\(line.reach.isEmpty ? "" : " (\(line.reach))")"
      return [line.at.clockTime, line.word, "\(who)\(line.why.asReason)  by \(line.by)"]
    }
    return (file.incident.roles.isEmpty ? [] : ["Roles:"] + TextTable(roles).lines(width: options.width))
      + (calls.isEmpty ? [] : ["Called:"] + TextTable(calls).lines(width: options.width))
  }

  private func followUps(_ options: TextOptions) -> [String] {
    let rows = FollowUpLine.rows(file.incident.followUps.map { FollowUpLine($0) }, now: options.now)
    return rows.isEmpty
      ? []
      : ["Follow-ups:"] + TextTable(rows, alignedRight: [0]).lines(width: options.width, limits: [2: 16])
  }

  private func messages(_ options: TextOptions) -> [String] {
    if file.messages.isEmpty { return [] }
    let rows = file.messages.map { MessageLine($0) }.map { [$0.id, $0.connection, $0.verdict] }
    return ["Messages:"] + TextTable(rows).lines(width: options.width, limits: [0: 30])
  }

  private func record(_ options: TextOptions) -> [String] {
    let text =
      "Record: \(file.entries.count) entries, the last is \(file.head.sequence) with hash "
      + "\(file.head.hash.prefix(16))…  (andon journal verify)"
    return TextTable([[text]], indent: 0).lines(width: options.width)
  }
}
