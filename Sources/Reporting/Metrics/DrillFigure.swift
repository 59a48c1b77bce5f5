internal import Engine
internal import IncidentModel
internal import Playbooks

/// How a drill went, among the drills of its playbook.
struct DrillFigure: Sendable, Hashable, Codable {
  let playbook: String
  let run: RunID
  let started: Timestamp
  let state: RunPhase
  /// While somebody drove it.
  let milliseconds: Int64
  /// How many of its steps a check has proved.
  let verified: Int
  let steps: Int
  /// The names of the clocks that were not kept.
  let missed: [String]

  /// So many drills of each playbook are listed, the last ones.
  static let listed = 10

  static func chosen(_ runs: [RunFigure]) -> [RunFigure] {
    Dictionary(grouping: runs.filter(\.drill), by: \.playbook).sorted { $0.key < $1.key }
      .flatMap { $0.value.suffix(listed) }
  }

  /// - Parameter runs: among them those of the courses.
  static func all(_ courses: [RunCourse], _ runs: [RunFigure], _ playbooks: [String: Playbook]) -> [DrillFigure] {
    let heads = Dictionary(runs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return courses.compactMap { course in
      heads[course.run].map { DrillFigure(course, $0, playbooks[$0.digest]) }
    }
  }

  private init(_ course: RunCourse, _ run: RunFigure, _ playbook: Playbook?) {
    self.playbook = run.playbook
    self.run = run.id
    started = run.started
    state = course.phase ?? (course.isParked ? .waiting : .running)
    milliseconds = course.driven
    // A handler that was not called for is not a part of what happened; groups do not act.
    let handlers = Set(playbook?.handlers.all.map(\.id) ?? [])
    let due = playbook.map { RunState(playbook: $0).actingSteps.map(\.step.id).filter { !handlers.contains($0) } } ?? []
    let groups = Set(playbook.map { RunState(playbook: $0).allSteps.filter(\.isGroup).map(\.id) } ?? [])
    let touched = course.steps.keys.filter { !groups.contains($0) && !$0.rawValue.contains("[") }
    steps = Set(due).union(touched).count
    verified = course.steps.values.count { $0.state == .done && $0.isVerified }
    missed = run.targets.filter { !$0.value }.keys.sorted()
  }
}
