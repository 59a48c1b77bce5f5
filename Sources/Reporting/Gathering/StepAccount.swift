public import Engine
public import IncidentModel
public import Playbooks

/// One step of a run with everything recorded about it.
public struct StepAccount: Sendable {
  /// Counts from 1 over the steps that act, in the order of the playbook.
  public let number: Int
  public let step: Step
  public let record: StepRecord
  /// The name of the group or handler it stands in.
  public let section: String
  /// The entries about it, in order: its evidence.
  public let entries: [Entry]
  /// Whether its failure fails the run.
  public let counts: Bool
  /// Whether the run is over, so that what did not run will not.
  public let runIsOver: Bool

  public var id: StepID { step.id }
  public var title: String { record.title ?? step.name?.source ?? step.id.rawValue }

  /// The action key. What was recorded wins: the playbook may not be readable any more.
  public var action: String {
    for entry in entries {
      if case .stepIntended(let intent) = entry.event.fact { return intent.action }
      if case .stepAsked = entry.event.fact { return "manual" }
    }
    return step.action.keyword
  }

  public var effect: Effect { record.effect ?? step.effect }

  /// From the first start to the last end.
  public var elapsed: Elapsed? {
    guard let first = entries.first(where: \.opensAttempt), let last = entries.last(where: \.closesAttempt),
      last.sequence > first.sequence
    else { return nil }
    return Elapsed(from: first.event, to: last.event)
  }

  /// What people decided about it, in order.
  public var choices: [(choice: StepChoice, event: Event)] {
    entries.compactMap { entry in
      if case .stepChosen(let choice) = entry.event.fact { (choice, entry.event) } else { nil }
    }
  }

  /// The last check made, and when.
  public var lastCheck: (check: StepCheck, entry: Entry)? {
    for entry in entries.reversed() {
      if case .stepChecked(let check) = entry.event.fact { return (check, entry) }
    }
    return nil
  }

  /// Every attempt that ended, in order.
  public var attempts: [StepAttempt] {
    var attempts: [StepAttempt] = []
    var begin: Entry?
    for entry in entries {
      if entry.opensAttempt { begin = entry }
      guard case .stepFinished(let end) = entry.event.fact else { continue }
      attempts.append(
        StepAttempt(
          number: entry.event.attempt ?? attempts.count + 1, state: end.state.rawValue,
          verification: end.verification.rawValue, reason: end.reason, started: begin?.event.at, ended: entry.event.at,
          milliseconds: begin.map { Elapsed(from: $0.event, to: entry.event).milliseconds },
          retrying: end.retrying, entry: entry.sequence))
      begin = nil
    }
    return attempts
  }

  static func all(in state: RunState, entries: [Entry]) -> [StepAccount] {
    let evidence = Dictionary(grouping: entries.filter { $0.event.step != nil }, by: \.event.step)
    let sections = state.playbook.sections
    // A handler that was not called for is not a part of what happened.
    let handlers = Set(state.playbook.handlers.all.map(\.id))
    let steps = state.actingSteps.filter { evidence[$0.step.id] != nil || !handlers.contains($0.step.id) }
    return steps.enumerated().map { index, item in
      StepAccount(
        number: index + 1, step: item.step, record: item.record, section: sections[item.step.id] ?? state.playbook.name,
        entries: evidence[item.step.id] ?? [], counts: state.counts(item.step), runIsOver: state.phase.isOver)
    }
  }
}

/// One attempt of a step and how it ended.
public struct StepAttempt: Sendable, Hashable, Codable {
  public let number: Int
  public let state: String
  public let verification: String
  @OrNull public var reason: String?
  @OrNull public var started: Timestamp?
  public let ended: Timestamp
  @OrNull public var milliseconds: Int64?
  /// True when the engine was going to try again.
  public let retrying: Bool
  public let entry: Int64
}

extension Entry {
  fileprivate var opensAttempt: Bool { event.fact.kind == .stepIntended || event.fact.kind == .stepAsked }

  fileprivate var closesAttempt: Bool {
    switch event.fact.kind {
    case .stepFinished, .stepSkipped, .stepChosen: true
    default: false
    }
  }
}

extension Playbook {
  /// The name of the outermost group or the handler that each step stands in.
  fileprivate var sections: [StepID: String] {
    var sections: [StepID: String] = [:]
    func place(_ step: Step, in section: String) {
      sections[step.id] = sections[step.id] ?? section
      for child in step.children { place(child, in: section) }
    }
    for step in steps {
      place(step, in: step.isGroup ? step.name?.source ?? name : name)
    }
    let handlers = [
      ("After success", handlers.success), ("After failure", handlers.failure),
      ("After cancelling", handlers.cancelled), ("While waiting", handlers.waiting), ("At the end", handlers.always),
    ]
    for (section, steps) in handlers { for step in steps { place(step, in: section) } }
    return sections
  }
}
