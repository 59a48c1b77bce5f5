/// How bad an incident is, by the written criteria of `severity.yaml`. `P0` is the worst.
public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
  case p0 = "P0"
  case p1 = "P1"
  case p2 = "P2"
  case p3 = "P3"

  /// Worse is smaller: `P0 < P1`.
  public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}

/// What a step may do to the world. It drives confirmation and dry runs.
public enum Effect: String, Sendable, Codable, CaseIterable {
  case read
  case write
  case destructive
}

/// Where a step stands.
public enum StepState: String, Sendable, Codable, CaseIterable {
  case pending
  case running
  /// A person must do or answer something.
  case waiting
  /// Done, and its check passed; or it has no check.
  case done
  /// Known not to have taken effect, or the target itself said no, or the check did not pass.
  case failed
  /// Something may have left us and the outcome is not known.
  case unknown
  case skipped
  case cancelled

  /// True when the engine will not touch the step again by itself.
  public var isSettled: Bool { self != .pending && self != .running && self != .waiting }
}

/// Where a run stands.
public enum RunPhase: String, Sendable, Codable, CaseIterable {
  case running
  /// Parked: a person must act before it can go on. Blocks nothing.
  case waiting
  case done
  case failed
  case stopped
  case cancelled

  public var isOver: Bool { self != .running && self != .waiting }
}

/// What the check of a step said. Never inferred from an exit code alone.
public enum Verification: String, Sendable, Codable, CaseIterable {
  case verified
  case failed
  case unverified
}

/// Why a step's outcome is not known.
public enum UnknownReason: String, Sendable, Codable {
  case timedOut = "timed_out"
  case killed
  case connectionLost = "connection_lost"
  /// The journal holds the intent and no outcome: the runner died in between.
  case noOutcome = "no_outcome"
}

/// The moments of an incident that every figure counts between.
public enum Milestone: String, Sendable, Codable, CaseIterable {
  case started
  case detected
  case acknowledged
  case mitigated
  case resolved
  case closed
}
