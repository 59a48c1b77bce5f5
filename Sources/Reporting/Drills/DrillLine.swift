internal import Engine
public import IncidentModel

/// A drill, for lists and comparisons.
public struct DrillLine: Sendable, Hashable, Codable {
  public let run: RunID
  public let started: Timestamp
  public let state: RunPhase
  /// While somebody drove it.
  public let milliseconds: Int64
  /// How many of its steps a check has proved.
  public let verified: Int
  public let steps: Int
  /// The names of the clocks that were not kept.
  public let missed: [String]
  /// True when it ran another text of the playbook than the one it is compared with.
  public let playbookChanged: Bool

  /// - Parameter digest: SHA-256 of the playbook it is compared with, in hex.
  init(_ account: RunAccount, digest: String) {
    run = account.id
    started = RunLine(account).started
    state = account.state.phase
    milliseconds = account.drivenMilliseconds
    verified = account.steps.filter { DrillResult($0) == .verified }.count
    steps = account.steps.count
    missed = account.targets.filter { $0.state == .missed }.map(\.name)
    playbookChanged = account.start.digest != digest
  }

  /// `9/11`
  public var score: String { "\(verified)/\(steps)" }
}
