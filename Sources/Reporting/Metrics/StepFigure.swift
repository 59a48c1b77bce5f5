internal import Engine
internal import IncidentModel

/// How one step of a playbook went in its last runs.
struct StepFigure: Sendable, Hashable {
  let playbook: String
  let step: String
  /// No real run of the playbook is known, so that these are its drills.
  let areDrills: Bool
  /// In so many runs it was begun and came to an end.
  let runs: Int
  /// In so many of them it ended failed, or unknown, at least once.
  let failed: Int
  /// How long it took where it was done; `nil` when it never was.
  let spread: Spread?
  /// The same one by one, the last run at the end.
  let times: [Int64]

  /// In percent, rounded to the nearest.
  var failureRate: Int { runs == 0 ? 0 : (failed * 200 + runs) / (runs * 2) }

  /// The last runs of each playbook; of one that was only ever drilled, its drills.
  static func chosen(_ runs: [RunFigure]) -> [RunFigure] {
    Dictionary(grouping: runs, by: \.playbook).sorted { $0.key < $1.key }.flatMap { _, runs in
      let real = runs.filter { !$0.drill }
      return (real.isEmpty ? runs : real).suffix(EarlierRuns.looksBack)
    }
  }

  /// - Parameter runs: among them those of the courses.
  static func all(_ courses: [RunCourse], _ runs: [RunFigure]) -> [StepFigure] {
    let heads = Dictionary(runs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let known = courses.compactMap { course in heads[course.run].map { (head: $0, course: course) } }
    return Dictionary(grouping: known, by: \.head.playbook).sorted { $0.key < $1.key }.flatMap { playbook, runs in
      figures(playbook, areDrills: runs.contains { $0.head.drill }, runs.map(\.course))
    }
  }

  /// In the order in which the steps come in the last run that has them.
  private static func figures(_ playbook: String, areDrills: Bool, _ courses: [RunCourse]) -> [StepFigure] {
    var order: [StepID] = []
    for course in courses.reversed() {
      let steps = course.steps.sorted { ($0.value.begun, $0.key.rawValue) < ($1.value.begun, $1.key.rawValue) }
      order += steps.map(\.key).filter { !order.contains($0) }
    }
    return order.compactMap { step in
      let spans = courses.compactMap { $0.steps[step] }.filter { $0.ended != nil && $0.isAnAttempt }
      let times = spans.filter { $0.state == .done }.compactMap(\.milliseconds)
      if spans.isEmpty { return nil }
      return StepFigure(
        playbook: playbook, step: step.rawValue, areDrills: areDrills, runs: spans.count,
        failed: spans.count(where: \.hasFailed), spread: Spread(times), times: times)
    }
  }
}

extension RunCourse.Span {
  /// It was tried; left out by anybody before that, it says nothing.
  fileprivate var isAnAttempt: Bool { hasFailed || state == .done || state == .failed || state == .unknown }
}
