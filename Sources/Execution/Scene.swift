public import Engine
public import IncidentModel
public import Playbooks

/// Where a run stands at the moment a person is asked something: all that a screen can say without looking anything up.
public struct Scene: Sendable {
  public let state: RunState
  public let incident: IncidentState?
  /// Who is asked.
  public let actor: String
  public let time: TimeSource
  public let library: PlaybookLibrary
  public let history: StepHistory
  /// The process that began each step before this one took the run up.
  public let begunBy: [StepID: RunOwner]

  public var now: Timestamp { time.read().wall }

  /// A clock of the playbook.
  public struct Clock: Sendable, Hashable {
    public let name: String
    public let limit: Duration
    /// From *detected* until now, or until it was judged.
    public let elapsed: Duration
    /// `nil` while it runs.
    public let met: Bool?
    /// It is going to be missed if things go on as they usually do.
    public var isAtRisk = false

    public init(name: String, limit: Duration, elapsed: Duration, met: Bool?) {
      self.name = name
      self.limit = limit
      self.elapsed = elapsed
      self.met = met
    }

    public var remaining: Duration { limit - elapsed }
  }

  /// The clocks of the playbook as they stand at this moment.
  public var clocks: [Clock] { state.clocks(at: time.read(), forecast) }

  /// What earlier runs let one expect of the rest at this moment; `nil` when too few tell anything.
  public var forecast: Forecast? {
    guard let since = history.since else { return nil }
    return state.forecast(history.earlier, since: since, at: time.read())
  }

  public var standing: [(title: String, reading: String)] { state.standing }
}

extension RunState {
  /// What checks have shown to be so, and nothing has taken back since.
  public var standing: [(title: String, reading: String)] {
    actingSteps.compactMap { step, record in
      guard step.effect != .read, record.state == .done, record.verification == .verified, !record.rolledBack else {
        return nil
      }
      return (record.title ?? step.id.rawValue, record.check?.reading ?? "the check passed")
    }
  }

  /// What earlier runs let one expect of the rest.
  /// - Parameter since: since when somebody has driven it without a break.
  public func forecast(_ earlier: EarlierRuns, since: Timestamp, at now: ClockReading) -> Forecast? {
    sinceDetected(at: now).flatMap { earlier.forecast(of: self, since: since, at: now.wall, sinceDetected: $0) }
  }

  /// The clocks of the playbook, in its order.
  /// - Parameter forecast: tells which of them are at risk.
  public func clocks(at now: ClockReading, _ forecast: Forecast? = nil) -> [Scene.Clock] {
    guard let sinceDetected = sinceDetected(at: now) else { return [] }
    return playbook.targets.map { target in
      let judged = targets[target.name]
      let elapsed = judged.map { Duration.milliseconds($0.elapsedMilliseconds) } ?? sinceDetected
      var clock = Scene.Clock(name: target.name, limit: target.limit, elapsed: elapsed, met: judged?.met)
      clock.isAtRisk = forecast?.atRisk.contains { $0.name == target.name && elapsed <= target.limit } ?? false
      return clock
    }
  }
}
