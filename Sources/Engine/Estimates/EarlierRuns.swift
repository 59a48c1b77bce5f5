public import IncidentModel
internal import Playbooks

/// The last runs of a playbook before a certain one, to be learnt from: real ones, and drills.
public struct EarlierRuns: Sendable, Hashable {
  /// How often a step was done, and the median of how long it took.
  public struct Usual: Sendable, Hashable {
    public let runs: Int
    public let median: Duration
  }

  /// What a step took years ago tells little about tonight.
  public static let looksBack = 20
  /// Of fewer runs nothing is said about the time that is left: one or two tell more of their own night than of this.
  public static let fewest = 3

  public static let none = EarlierRuns(real: [], drills: [], isDrill: false)

  /// Of the same kind as the run in question: drills for a drill.
  private let alike: [RunCourse]
  private let others: [RunCourse]
  private let isDrill: Bool

  /// - Parameter isDrill: what the run in question is.
  public init(real: [RunTrace], drills: [RunTrace], isDrill: Bool) {
    let (real, drills) = (RunCourse.all(in: real), RunCourse.all(in: drills))
    (alike, others) = isDrill ? (drills, real) : (real, drills)
    self.isDrill = isDrill
  }

  /// Runs of the same kind alone; `nil` when it was never done there.
  public func usual(_ step: StepID) -> Usual? {
    let times = alike.compactMap { course in
      course.steps[step].flatMap { $0.state == .done ? $0.milliseconds : nil }
    }
    return Spread(times).map { Usual(runs: $0.count, median: .milliseconds($0.median)) }
  }

  /// What is to be expected of a run; `nil` when it is over, and when too few earlier runs tell anything.
  ///
  /// Each earlier run is asked how long it took from where this one stands now; the median counts. Runs of the same kind
  /// come first, the others only when those are too few.
  /// - Parameters:
  ///   - since: since when somebody has driven it without a break; wall time.
  ///   - sinceDetected: what the clocks of the playbook show now.
  public func forecast(
    of state: RunState, since: Timestamp, at now: Timestamp, sinceDetected: Duration
  ) -> Forecast? {
    if state.phase.isOver { return nil }
    let settled = state.actingSteps.filter { $0.record.state.isSettled && !$0.record.isBad }
    let standing = settled.compactMap(\.record.ended).reduce(since, max)
    let point = Point(
      settled: Set(settled.map(\.step.id)), spent: max(0, (now - standing).wholeMilliseconds),
      sinceDetected: sinceDetected)
    return point.forecast(from: alike, areDrills: isDrill, state)
      ?? point.forecast(from: others, areDrills: !isDrill, state)
  }

  /// Where the run in question stands.
  private struct Point {
    let settled: Set<StepID>
    let spent: Int64
    let sinceDetected: Duration

    func forecast(from courses: [RunCourse], areDrills: Bool, _ state: RunState) -> Forecast? {
      let remaining = rest(courses) { $0.phase == .done ? $0.end : nil }
      let open = state.playbook.targets.filter { state.targets[$0.name] == nil }
      let targets = open.compactMap { target in
        rest(courses) { $0.targets[target.name] }.map { rest in
          (
            rest.count,
            Forecast.Expected(
              name: target.name, limit: target.limit, remaining: .milliseconds(rest.median),
              elapsed: sinceDetected + .milliseconds(rest.median))
          )
        }
      }
      let count = max(remaining?.count ?? 0, targets.map(\.0).max() ?? 0)
      if count == 0 { return nil }
      return Forecast(
        runs: count, areDrills: areDrills, remaining: remaining.map { .milliseconds($0.median) },
        targets: targets.map(\.1))
    }

    /// - Parameter goal: when an earlier run reached what is asked for; `nil`: it never did.
    private func rest(_ courses: [RunCourse], until goal: (RunCourse) -> Int64?) -> Spread? {
      let rests = courses.compactMap { course in
        goal(course).flatMap { course.rest(after: settled, spent: spent, until: $0) }
      }
      return rests.count < EarlierRuns.fewest ? nil : Spread(rests)
    }
  }
}
