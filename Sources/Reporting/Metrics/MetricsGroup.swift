internal import Engine
internal import IncidentModel

/// Incidents that belong together, and what can be said of their times.
struct MetricsGroup: Sendable, Hashable {
  /// `P0`, `2031-05`, the id of a playbook; `all` for all of them.
  let name: String
  let incidents: Int
  let targets: TargetTally
  /// In the order of `Measure`.
  let times: [MeasureGroup]

  static let everything = "all"

  private init(_ name: String, _ incidents: [IncidentFigure]) {
    self.name = name
    self.incidents = incidents.count
    targets = TargetTally(incidents.flatMap(\.targets))
    times = Measure.allCases.map { MeasureGroup($0, incidents) }
  }

  /// Each group, sorted by name, then all incidents together.
  static func all(_ incidents: [IncidentFigure], _ request: MetricsRequest) -> [MetricsGroup] {
    var members: [String: [IncidentFigure]] = [:]
    for incident in incidents {
      for group in incident.groups(by: request.grouping) { members[group, default: []].append(incident) }
    }
    let groups = members.sorted { $0.key < $1.key }.map { MetricsGroup($0.key, $0.value) }
    return groups + [MetricsGroup(everything, incidents)]
  }
}

/// One figure of a group of incidents.
struct MeasureGroup: Sendable, Hashable {
  /// One incident's time.
  struct Dot: Sendable, Hashable, Codable {
    let incident: IncidentID
    let milliseconds: Int64
  }

  let measure: Measure
  /// `nil` when no incident of the group has the figure.
  let spread: Spread?
  /// In the order in which the incidents were detected.
  let dots: [Dot]
  /// Why incidents are left out, and how many for that reason; sorted.
  let missing: [Missing]

  struct Missing: Sendable, Hashable, Codable {
    let why: String
    let incidents: Int
  }

  init(_ measure: Measure, _ incidents: [IncidentFigure]) {
    self.measure = measure
    dots = incidents.compactMap { incident in
      incident.times[measure]?.milliseconds.map { Dot(incident: incident.id, milliseconds: $0) }
    }
    spread = Spread(dots.map(\.milliseconds))
    let reasons = incidents.compactMap { incident in
      if case .missing(let why)? = incident.times[measure] { why } else { nil }
    }
    missing = Dictionary(grouping: reasons, by: { $0 }).map { Missing(why: $0.key, incidents: $0.value.count) }
      .sorted { $0.why < $1.why }
  }
}

/// The same clock of the same playbook in every incident.
struct TargetGroup: Sendable, Hashable {
  let playbook: String
  let name: String
  let tally: TargetTally

  static func all(_ targets: [TargetFigure]) -> [TargetGroup] {
    Dictionary(grouping: targets, by: { [$0.playbook, $0.name] }).sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { TargetGroup(playbook: $0.key[0], name: $0.key[1], tally: TargetTally($0.value)) }
  }
}

/// Something that several incidents have in common.
struct Repeat: Sendable, Hashable, Codable {
  /// `playbook` or `label`.
  let kind: String
  let name: String
  /// In the order in which they were detected; at least two.
  let incidents: [IncidentID]

  /// The most frequent first.
  static func all(_ incidents: [IncidentFigure]) -> [Repeat] {
    func found(_ kind: String, _ names: (IncidentFigure) -> [String]) -> [Repeat] {
      var members: [String: [IncidentID]] = [:]
      for incident in incidents { for name in names(incident) { members[name, default: []].append(incident.id) } }
      return members.filter { $0.value.count > 1 }
        .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        .map { Repeat(kind: kind, name: $0.key, incidents: $0.value) }
    }
    return found("playbook", \.playbooks) + found("label", \.labels)
  }
}

/// What became of the follow-ups of some incidents.
struct FollowUpTally: Sendable, Hashable, Codable {
  let open: Int
  /// Of the open ones.
  let late: Int
  let withoutOwner: Int
  let done: Int
  /// Of those done.
  let doneLate: Int
  let dropped: Int

  init(_ incidents: [IncidentState], ends: [IncidentID: [Int: Timestamp]], now: Timestamp) {
    let all = incidents.flatMap { incident in
      incident.followUps.map { (followUp: $0, ended: ends[incident.id]?[$0.number]) }
    }
    func count(_ status: FollowUp.Status, _ holds: (FollowUp, Timestamp?) -> Bool = { _, _ in true }) -> Int {
      all.count { $0.followUp.status == status && holds($0.followUp, $0.ended) }
    }
    func isPast(_ due: Timestamp?, _ moment: Timestamp?) -> Bool {
      guard let due, let moment else { return false }
      return due < moment
    }
    open = count(.open)
    late = count(.open) { followUp, _ in isPast(followUp.due, now) }
    withoutOwner = count(.open) { followUp, _ in followUp.owner.isEmpty }
    done = count(.done)
    doneLate = count(.done) { isPast($0.due, $1) }
    dropped = count(.dropped)
  }
}
