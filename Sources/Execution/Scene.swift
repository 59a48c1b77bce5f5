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

    public init(name: String, limit: Duration, elapsed: Duration, met: Bool?) {
      self.name = name
      self.limit = limit
      self.elapsed = elapsed
      self.met = met
    }

    public var remaining: Duration { limit - elapsed }
  }

  /// The clocks of the playbook as they stand at this moment.
  public var clocks: [Clock] { state.clocks(at: time.read()) }

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

  /// The clocks of the playbook, in its order.
  public func clocks(at now: ClockReading) -> [Scene.Clock] {
    guard let sinceDetected = sinceDetected(at: now) else { return [] }
    return playbook.targets.map { target in
      let judged = targets[target.name]
      let elapsed = judged.map { Duration.milliseconds($0.elapsedMilliseconds) } ?? sinceDetected
      return Scene.Clock(name: target.name, limit: target.limit, elapsed: elapsed, met: judged?.met)
    }
  }
}
