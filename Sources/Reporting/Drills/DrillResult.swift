internal import Engine
internal import IncidentModel

/// What became of a step in a drill.
public enum DrillResult: String, Sendable, Hashable, Codable, CaseIterable {
  case verified
  /// Shown and not run: nothing stands in for what it needs.
  case rehearsed
  /// Done, and no check proves it.
  case unverified
  case failed
  case unknown
  case skipped
  /// Its condition was false.
  case notDue = "not_due"
  /// It waits for a person.
  case waiting
  case rolledBack = "rolled_back"
  /// Not begun, or cut short.
  case notRun = "not_run"

  init(_ step: StepAccount) {
    let record = step.record
    self =
      if step.rollback != nil { .rolledBack } else {
        switch record.state {
        case .done where record.verification == .verified: .verified
        case .done where record.reason == StepEnd.rehearsed: .rehearsed
        case .done: .unverified
        case .failed: .failed
        case .unknown: .unknown
        case .skipped: record.skipCause == .condition ? .notDue : .skipped
        case .waiting: .waiting
        case .pending, .running, .cancelled: .notRun
        }
      }
  }

  /// Whether the step was gone through, so that how long it took says something.
  var isDone: Bool { [.verified, .rehearsed, .unverified].contains(self) }

  /// As a sentence says it; in capitals what nobody may overlook.
  var words: String {
    switch self {
    case .failed, .unknown: rawValue.uppercased()
    case .waiting: "left to a person"
    default: rawValue.split(separator: "_").joined(separator: " ")
    }
  }
}
