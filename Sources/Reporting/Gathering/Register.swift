public import Engine
public import IncidentModel
public import Journaling

/// All incidents, runs and messages of a journal, from the few entries that lists are made of.
public struct Register: Sendable {
  /// In the order they were opened.
  public let incidents: [IncidentState]
  /// In the order they were started.
  public let runs: [RunLine]
  public let messages: [MessageAccount]

  static let kinds: Set<Fact.Kind> = [
    .incidentOpened, .severityChanged, .milestoneReached, .runStarted, .runResumed, .runParked, .runFinished,
    .messageQueued, .messageSent, .messageFailed, .incidentEdited, .roleAssigned, .followUpRecorded, .runHandedOver,
  ]

  public init(reader: JournalReader) throws(JournalError) { self.init(try reader.lifecycle(Self.kinds)) }

  /// - Parameter entries: in order; kinds that lists are not made of are passed over.
  public init(_ entries: [Entry]) {
    var incidents: [IncidentID: IncidentState] = [:]
    var runs: [RunID: [Entry]] = [:]
    for entry in entries {
      if let id = entry.event.incident { incidents[id, default: IncidentState(id: id)].apply(entry.event) }
      if let id = entry.event.run { runs[id, default: []].append(entry) }
    }
    self.incidents = incidents.values.filter { $0.openedAt != nil }.sorted { $0.id < $1.id }
    self.runs = runs.sorted { $0.key < $1.key }.compactMap { id, entries in
      for case .runStarted(let start) in entries.map(\.event.fact) { return RunLine(id, entries, start) }
      return nil
    }
    messages = MessageAccount.all(in: entries)
  }
}
