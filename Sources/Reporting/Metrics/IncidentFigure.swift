internal import Engine
internal import IncidentModel
internal import Playbooks

/// What one incident adds to the figures.
struct IncidentFigure: Sendable, Hashable {
  let id: IncidentID
  let title: String
  /// As it was classified last.
  let severity: Severity
  let environment: String
  let detected: Timestamp
  /// The playbooks that were run in it, in the order of their first run.
  let playbooks: [String]
  /// The tags of these, sorted.
  let labels: [String]
  let times: [Measure: MeasuredTime]
  let targets: [TargetFigure]

  init(
    _ incident: IncidentState, detected: Timestamp, runs: [RunFigure], playbooks known: [String: Playbook],
    from anchor: MetricsRequest.Anchor
  ) {
    id = incident.id
    title = incident.title
    severity = incident.severity
    environment = incident.environment
    self.detected = detected
    var seen: Set<String> = []
    playbooks = runs.map(\.playbook).filter { seen.insert($0).inserted }
    labels = Set(runs.flatMap { known[$0.digest]?.tags ?? [] }).sorted()
    times = Dictionary(
      uniqueKeysWithValues: Measure.allCases.map { ($0, $0.value(of: incident, from: anchor)) })
    targets = runs.flatMap { TargetFigure.all(of: $0, known[$0.digest]) }
  }

  /// The groups that it belongs to.
  func groups(by grouping: MetricsRequest.Grouping) -> [String] {
    switch grouping {
    case .severity: [severity.rawValue]
    case .month: [String(detected.calendarDate.prefix(7))]
    case .week: [detected.isoWeek]
    case .playbook: playbooks.isEmpty ? [Self.none] : playbooks
    case .environment: [environment]
    case .label: labels.isEmpty ? [Self.none] : labels
    }
  }

  static let none = "(none)"
}

/// A clock of a playbook in one run.
struct TargetFigure: Sendable, Hashable {
  let playbook: String
  let name: String
  let state: TargetLine.State

  /// Judged or not; a clock that was never judged counts as not reached once its run is over.
  static func all(of run: RunFigure, _ playbook: Playbook?) -> [TargetFigure] {
    let named = playbook?.targets.map(\.name) ?? []
    let others = run.targets.keys.filter { !named.contains($0) }.sorted()
    return (named + others).map { name in
      let unjudged: TargetLine.State = run.phase == nil ? .open : .notReached
      return TargetFigure(
        playbook: run.playbook, name: name, state: run.targets[name].map { $0 ? .met : .missed } ?? unjudged)
    }
  }
}

/// How many clocks were kept.
struct TargetTally: Sendable, Hashable, Codable {
  let met: Int
  let missed: Int
  /// Their run ended without reaching them.
  let notReached: Int
  /// Their run is not over; they count for nothing yet.
  let open: Int

  init(_ targets: [TargetFigure]) {
    func count(_ state: TargetLine.State) -> Int { targets.count { $0.state == state } }
    (met, missed, notReached, open) = (count(.met), count(.missed), count(.notReached), count(.open))
  }

  /// Of so many there is a verdict.
  var judged: Int { met + missed + notReached }
}

extension Timestamp {
  /// `2031-W20`, by ISO 8601: weeks begin on Monday, and the first of a year is the one with its first Thursday.
  var isoWeek: String {
    let day: Int64 = 86_400_000
    let days = milliseconds >= 0 ? milliseconds / day : (milliseconds - day + 1) / day
    // Day 0 was a Thursday; 0 is Monday.
    let weekday = ((days + 3) % 7 + 7) % 7
    let thursday = Timestamp(milliseconds: (days - weekday + 3) * day)
    let year = thursday.calendarDate.prefix(4)
    let first = Timestamp("\(year)-01-01T00:00:00Z") ?? thursday
    let week = (thursday - first).wholeMilliseconds / day / 7 + 1
    return "\(year)-W\(week < 10 ? "0" : "")\(week)"
  }
}
