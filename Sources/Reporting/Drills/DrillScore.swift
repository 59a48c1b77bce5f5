internal import Engine
public import IncidentModel

/// How a drill went: its steps and its clocks, measured against the earlier drills of the same playbook.
///
/// A pure function of recorded runs. A run that was no drill has no score, and none is ever compared with one.
public struct DrillScore: Sendable, Hashable, Codable {
  public let run: RunID
  public let playbook: String
  public let started: Timestamp
  /// Everything on one line, in words.
  public let verdict: String
  public let steps: [StepScore]
  public let targets: [TargetScore]
  /// While somebody drove it.
  public let milliseconds: Int64
  /// Of earlier drills that went through the same steps in the same way; `nil` when there is none.
  @OrNull public var earlier: DrillTimes?
  /// In the order they were started.
  public let earlierDrills: [DrillLine]

  public struct StepScore: Sendable, Hashable, Codable {
    public let id: String
    /// Counts from 1 over the steps that act.
    public let number: Int
    public let title: String
    public let result: DrillResult
    @OrNull public var milliseconds: Int64?
    /// Of earlier drills in which it was done, rehearsals apart.
    @OrNull public var earlier: DrillTimes?
  }

  public struct TargetScore: Sendable, Hashable, Codable {
    public let name: String
    public let state: TargetLine.State
    @OrNull public var limitMilliseconds: Int64?
    /// From *detected*; `nil` until judged.
    @OrNull public var elapsedMilliseconds: Int64?
    /// How far over the limit; `nil` unless missed.
    @OrNull public var missedByMilliseconds: Int64?
    @OrNull public var earlier: DrillTimes?
  }

  /// `nil` for what is no drill.
  /// - Parameter all: other runs, in the order they were started; only earlier drills of the same playbook count.
  init?(of run: RunAccount, among all: [RunAccount]) {
    guard run.start.drill else { return nil }
    let past = all.filter { $0.start.drill && $0.start.playbook == run.start.playbook && $0.id < run.id }
    self.run = run.id
    playbook = run.start.playbook
    started = RunLine(run).started
    milliseconds = run.drivenMilliseconds
    steps = run.steps.map { Self.score(of: $0, past) }
    targets = run.targets.map { Self.score(of: $0, past) }
    earlierDrills = past.map { DrillLine($0, digest: run.start.digest) }
    let course = Course(run)
    let earlier = DrillTimes(past.filter { Course($0) == course }.map(\.drivenMilliseconds))
    self.earlier = earlier
    verdict =
      DrillVerdict(
        results: steps.map(\.result), targets: targets, milliseconds: milliseconds, earlier: earlier,
        drills: earlierDrills
      ).text
  }

  /// Where a drill went along. Two that did other things, or one with a person and one without, took other times.
  private struct Course: Hashable {
    let unattended: Bool
    let done: [String: DrillResult]

    init(_ run: RunAccount) {
      unattended = run.start.unattended
      let results = run.steps.map { ($0.id.rawValue, DrillResult($0)) }.filter(\.1.isDone)
      done = Dictionary(
        results.map { ($0, $1 == .rehearsed ? $1 : .verified) }, uniquingKeysWith: { first, _ in first })
    }
  }

  private static func score(of step: StepAccount, _ past: [RunAccount]) -> StepScore {
    let result = DrillResult(step)
    let times = past.compactMap { run -> Int64? in
      guard let other = run.steps.first(where: { $0.id == step.id }) else { return nil }
      let before = DrillResult(other)
      // What was only shown took no time that could be compared.
      guard before.isDone, (before == .rehearsed) == (result == .rehearsed) else { return nil }
      return other.elapsed?.milliseconds
    }
    return StepScore(
      id: step.id.rawValue, number: step.number, title: step.title, result: result,
      milliseconds: step.elapsed?.milliseconds, earlier: DrillTimes(times))
  }

  private static func score(of target: TargetLine, _ past: [RunAccount]) -> TargetScore {
    let times = past.flatMap(\.targets).filter { $0.name == target.name }.compactMap(\.elapsedMilliseconds)
    return TargetScore(
      name: target.name, state: target.state, limitMilliseconds: target.limitMilliseconds,
      elapsedMilliseconds: target.elapsedMilliseconds, missedByMilliseconds: target.missedByMilliseconds,
      earlier: DrillTimes(times))
  }
}
