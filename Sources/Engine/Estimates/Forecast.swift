/// What earlier runs of a playbook let one expect of the rest of this one. Never a promise: it says of how many runs.
public struct Forecast: Sendable, Hashable {
  /// How many earlier runs it is made of; at least `EarlierRuns.fewest`.
  public let runs: Int
  /// True when these were drills.
  public let areDrills: Bool
  /// Up to the end of the run; `nil` when too few of them came to their end.
  public let remaining: Duration?
  /// The clocks that are not judged yet and of which enough runs tell.
  public let targets: [Expected]

  /// A clock of the playbook and when it will probably be judged.
  public struct Expected: Sendable, Hashable {
    public let name: String
    public let limit: Duration
    /// From now on.
    public let remaining: Duration
    /// From *detected*.
    public let elapsed: Duration

    /// True when it is not missed yet, and is going to be if things go on as they usually do.
    public var isAtRisk: Bool { elapsed > limit && elapsed - remaining <= limit }
  }

  public var atRisk: [Expected] { targets.filter(\.isAtRisk) }
}
