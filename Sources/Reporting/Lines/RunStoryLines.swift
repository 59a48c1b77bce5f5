public import IncidentModel

/// A run was handed over.
public struct HandoverLine: Sendable, Hashable, Codable {
  public let from: String
  public let to: String
  public let at: Timestamp
  @OrNull public var why: String?
  /// Who took it up, and when.
  @OrNull public var takenBy: String?
  @OrNull public var taken: Timestamp?
  public let entry: Int64

  var text: String {
    let end = takenBy.flatMap { by in taken.map { "taken up by \(by) \($0.clockTime)" } } ?? "not taken up yet"
    return "handed over to \(to) by \(from) \(at.clockTime)\(why.asReason); \(end)"
  }
}

/// Somebody asked for a run to end.
public struct CancellationLine: Sendable, Hashable, Codable {
  public let by: String
  public let at: Timestamp
  /// True: without waiting for the step that was running.
  public let now: Bool
  @OrNull public var why: String?
  public let entry: Int64

  var text: String { "cancellation asked by \(by) \(at.clockTime)\(now ? ", at once" : "")\(why.asReason)" }
}

extension RunAccount {
  /// Every time it was handed over, in order.
  var handovers: [HandoverLine] {
    var lines: [HandoverLine] = []
    for entry in entries {
      switch entry.event.fact {
      case .runHandedOver(let change):
        lines.append(
          HandoverLine(
            from: entry.event.actor, to: change.person, at: entry.event.at, why: change.why, takenBy: nil, taken: nil,
            entry: entry.sequence))
      case .runResumed where lines.last.map { $0.takenBy == nil } == true:
        lines[lines.count - 1].takenBy = entry.event.actor
        lines[lines.count - 1].taken = entry.event.at
      default: break
      }
    }
    return lines
  }

  /// The first time somebody asked for its end.
  var cancellation: CancellationLine? {
    for entry in entries {
      if case .cancellationAsked(let wish) = entry.event.fact {
        return CancellationLine(
          by: entry.event.actor, at: entry.event.at, now: wish.now, why: wish.why, entry: entry.sequence)
      }
    }
    return nil
  }
}
