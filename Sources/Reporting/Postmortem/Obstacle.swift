internal import Engine
public import IncidentModel

/// Something that stood in the way of the response, or that somebody did about it: a step that did not work, a word of
/// a person against the playbook, a wait, a change of hands, a clock that was set.
public struct Obstacle: Sendable, Hashable, Codable {
  /// What the timeline says of it.
  public let row: TimelineRow
  /// How long it took, where the record has its end too: a wait until it was over. In milliseconds.
  @OrNull public var milliseconds: Int64?

  /// Waits shorter than this stand in nobody's way.
  private static let shortestWait: Int64 = 10_000

  /// In the order of the timeline.
  static func all(in file: IncidentFile, timeline: [TimelineRow]) -> [Obstacle] {
    var found: [Int64: Int64?] = [:]
    for (index, entry) in file.entries.enumerated() where entry.event.fact.isObstacle {
      if let until = waitEnd(of: entry, in: file.entries[(index + 1)...]) {
        let elapsed = Elapsed(from: entry.event, to: until.event).milliseconds
        if elapsed >= shortestWait || entry.event.fact.kind != .stepAsked {
          found.updateValue(elapsed, forKey: entry.sequence)
        }
      } else if entry.event.fact.kind != .stepAsked {
        found.updateValue(nil, forKey: entry.sequence)
      }
    }
    return timeline.compactMap { row in found[row.entry].map { Obstacle(row: row, milliseconds: $0) } }
  }

  /// The entry with which a wait ended; `nil` for what is no wait, or has not ended.
  private static func waitEnd(of entry: Entry, in later: ArraySlice<Entry>) -> Entry? {
    switch entry.event.fact {
    case .runParked, .runHandedOver:
      later.first { $0.event.run == entry.event.run && $0.event.fact.kind == .runResumed }
    case .stepAsked:
      later.first {
        $0.event.run == entry.event.run && $0.event.step == entry.event.step && $0.event.fact.answersQuestion
      }
    default: nil
    }
  }
}

extension Fact {
  fileprivate var isObstacle: Bool {
    switch self {
    case .stepFinished(let end): end.retrying || end.state == .failed || end.state == .unknown
    case .stepSkipped(let skip): skip.cause == .person
    case .escalated(let escalation): escalation.outcome == .notReached
    case .stepChosen, .stepRolledBack, .stepAsked, .runHandedOver, .runParked, .runDegraded, .cancellationAsked,
      .clockJumped, .messageFailed:
      true
    default: false
    }
  }

  fileprivate var answersQuestion: Bool {
    switch kind {
    case .stepAnswered, .stepFinished, .stepSkipped, .stepChosen: true
    default: false
    }
  }
}
