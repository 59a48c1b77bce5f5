internal import Engine
internal import IncidentModel
internal import Journaling

/// What somebody watches.
enum WatchedSubject: CustomStringConvertible {
  case run(RunID)
  case incident(IncidentID)

  var description: String {
    switch self {
    case .run(let id): id.description
    case .incident(let id): id.description
    }
  }

  func includes(_ event: Event) -> Bool {
    switch self {
    case .run(let id): event.run == id
    case .incident(let id): event.incident == id
    }
  }

  /// Whether nothing is to be expected after this.
  func isEnded(by event: Event) -> Bool {
    switch (self, event.fact) {
    case (.run, .runFinished): true
    case (.incident, .milestoneReached(let mark)): mark.milestone == .closed
    default: false
    }
  }

  func entries(_ reader: JournalReader) throws -> [Entry] {
    switch self {
    case .run(let id): try reader.entries(of: id)
    case .incident(let id): try reader.entries(of: id)
    }
  }

  /// The one that was named; else the only run that is open, else the only incident.
  static func chosen(_ text: String?, _ reader: JournalReader) throws -> WatchedSubject {
    if let text {
      let named = RunID(text).map(Self.run) ?? IncidentID(text).map(Self.incident)
      guard let named else {
        throw CommandFailure(
          .usage, "'\(text.visible)' is not of the form INC-1 or RUN-1", advice: "andon history lists them.")
      }
      if try named.entries(reader).isEmpty {
        throw CommandFailure(
          .usage, "there is no \(named) in this journal", advice: "andon history lists what there is.")
      }
      return named
    }
    let runs = try OpenRun(reader: reader).all()
    let incidents = try reader.openIncidents()
    if runs.count == 1 { return .run(runs[0]) }
    if runs.isEmpty, incidents.count == 1 { return .incident(incidents[0]) }
    let open = runs.map(\.description) + incidents.map(\.description)
    guard let last = open.first else {
      throw CommandFailure(.usage, "nothing is open to watch", advice: "andon history lists what there was.")
    }
    throw CommandFailure(
      .usage, "which one? Open are: \(open.joined(separator: ", "))", advice: "For example: andon watch \(last)")
  }
}
