internal import Engine
public import IncidentModel
public import Journaling

/// An incident that has something in common with this one and was opened before this one's last entry, as it stood then:
/// what came later says nothing about what people knew, and would change a report that is written already.
public struct RelatedIncident: Sendable, Hashable, Codable {
  public let id: IncidentID
  public let title: String
  public let severity: Severity
  /// `open`, `mitigated`, `resolved`, `closed`.
  public let status: String
  /// When it was detected, else opened.
  @OrNull public var at: Timestamp?
  /// Playbooks that ran in both.
  public let playbooks: [String]
  /// Monitors that were breached in both.
  public let monitors: [String]
  /// Those that were still to be done.
  public let openFollowUps: [FollowUpLine]
  public let followUpCount: Int

  /// True when the same thing seems to have come back; false when only the place is the same.
  public var isRepeat: Bool { !playbooks.isEmpty || !monitors.isEmpty }

  private static let kinds: Set<Fact.Kind> = [
    .incidentOpened, .incidentEdited, .severityChanged, .milestoneReached, .followUpRecorded, .runStarted,
    .monitorBreached,
  ]

  /// How many are told at most, and how many of them only because they were in the same place.
  static let most = 6
  static let mostOfThePlace = 3

  /// Repeats first, each part the latest first. Drills are compared with drills, real incidents with real ones.
  /// - Throws: `JournalError` when the journal cannot be read.
  static func all(before file: IncidentFile, reader: JournalReader) throws(JournalError) -> [RelatedIncident] {
    let head = file.head.sequence
    let traits = Traits(file.entries.map(\.event))
    func candidates(_ kind: Fact.Kind, _ key: String, _ words: Set<String>, _ most: Int) throws(JournalError)
      -> [IncidentID]
    {
      if words.isEmpty { return [] }
      let fragments = words.sorted().map { "\"\(key)\":\(Value.text($0).jsonText)" }
      return try reader.incidents(having: kind, with: fragments, before: head, most: most)
    }
    let found =
      try candidates(.runStarted, "playbook", traits.playbooks, most + 1)
      + candidates(.monitorBreached, "monitor", traits.monitors, most + 1)
      + candidates(.incidentOpened, "environment", [file.incident.environment], mostOfThePlace + 1)
    var known: Set<IncidentID> = [file.id]
    var all: [RelatedIncident] = []
    for id in found where known.insert(id).inserted {
      let events = try reader.events(of: id, kinds, before: head)
      if let incident = RelatedIncident(id, events, in: file, traits) { all.append(incident) }
    }
    let latest = all.sorted { ($0.at?.milliseconds ?? 0, $0.id) > ($1.at?.milliseconds ?? 0, $1.id) }
    return Array((latest.filter(\.isRepeat) + latest.filter { !$0.isRepeat }.prefix(mostOfThePlace)).prefix(most))
  }

  /// - Returns: `nil` when it was not known by then, or is a drill where this one is none.
  init?(_ id: IncidentID, _ events: [Event], in file: IncidentFile, _ own: Traits) {
    var state = IncidentState(id: id)
    for event in events { state.apply(event) }
    guard state.openedAt != nil, state.drill == file.incident.drill else { return nil }
    let traits = Traits(events)
    self.id = id
    title = state.title
    severity = state.severity
    status = state.status
    playbooks = traits.playbooks.intersection(own.playbooks).sorted()
    monitors = traits.monitors.intersection(own.monitors).sorted()
    openFollowUps = state.followUps.filter { $0.status == .open }.map(FollowUpLine.init)
    followUpCount = state.followUps.count
    at = state.moment(of: .detected) ?? state.openedAt
    guard isRepeat || state.environment == file.incident.environment else { return nil }
  }

  /// What incidents are compared by.
  struct Traits {
    var playbooks: Set<String> = []
    var monitors: Set<String> = []

    init(_ events: [Event]) {
      for event in events {
        switch event.fact {
        case .runStarted(let start): playbooks.insert(start.playbook)
        case .monitorBreached(let breach): monitors.insert(breach.monitor)
        default: break
        }
      }
    }
  }
}
