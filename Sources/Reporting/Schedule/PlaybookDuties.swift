public import IncidentModel
public import Playbooks

/// A playbook, and when its file was written: from then on what it asks for is due.
public struct ScheduledPlaybook: Sendable {
  public let playbook: Playbook
  let written: Timestamp

  public init(_ playbook: Playbook, written: Timestamp) {
    self.playbook = playbook
    self.written = written
  }
}

/// What a playbook asks for by itself: to be run on its schedule, to be read through, to be drilled.
struct PlaybookDuties {
  let scheduled: ScheduledPlaybook
  let register: Register
  let environment: String
  /// ` --env NAME` where the environment is not the usual one.
  let flag: String

  private var playbook: Playbook { scheduled.playbook }

  var items: [DueItem] { [task, review, drill].compactMap { $0 } }

  /// Done is a run that came to its end there, and no drill.
  private var task: DueItem? {
    guard let rhythm = playbook.schedule.map(Rhythm.init) else { return nil }
    let runs = register.runs.filter { $0.playbook == playbook.id && !$0.drill && $0.environment == environment }
    let last = runs.last { $0.state == .done }.flatMap(\.ended)
    let open = runs.last { !$0.state.isOver }
    return item(
      .task, "\(rhythm.word) task \(playbook.id)", rhythm, last: last,
      command: open.map { "andon resume \($0.id)" } ?? "andon run \(playbook.id)\(flag)",
      uid: "task-\(environment)-\(playbook.id)")
  }

  private var review: DueItem? {
    guard let review = playbook.review else { return nil }
    let last = review.last.flatMap { Timestamp("\($0)T00:00:00Z") }
    if last != nil, review.every == nil { return nil }
    return item(
      .review, "review of \(playbook.id): read it through, then set review.last in \(playbook.source.file)",
      review.every.map(Rhythm.init(every:)), last: last, command: "andon playbook show \(playbook.id)",
      uid: "review-\(playbook.id)")
  }

  /// A drill counts that was carried through as far as it goes without a person. Where it took place does not matter.
  private var drill: DueItem? {
    guard let rhythm = playbook.drillPeriod.map(Rhythm.init(every:)) else { return nil }
    let last = register.runs.last { $0.playbook == playbook.id && $0.isDoneDrill }
    return item(
      .drill, "drill of \(playbook.id)", rhythm, last: last.map { $0.ended ?? $0.started },
      command: "andon \(playbook.killSwitch == nil ? "run" : "pull") \(playbook.id) --drill",
      uid: "drill-\(playbook.id)")
  }

  private func item(
    _ kind: DueItem.Kind, _ what: String, _ rhythm: Rhythm?, last: Timestamp?, command: String, uid: String
  ) -> DueItem {
    DueItem(
      kind: kind, subject: playbook.id, what: what, last: last,
      due: last.flatMap { last in rhythm.map { $0.next(after: last) } },
      isDay: kind == .review && rhythm?.isOfDays != false, isOverdueFromTheStart: last == nil, command: command,
      rhythm: rhythm, stamp: last ?? scheduled.written, uid: "\(uid)@andon")
  }
}
