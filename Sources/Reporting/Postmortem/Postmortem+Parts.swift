internal import Engine
public import IncidentModel

extension Postmortem {
  public struct RunSection: Sendable, Hashable, Codable {
    public let run: RunLine
    public let params: [String: Value]
    public let prerequisites: [String: Bool]
    /// SHA-256 of the playbook's text, in hex.
    public let digest: String
    public let handovers: [HandoverLine]
    @OrNull public var cancellation: CancellationLine?
    public let steps: [StepDetail]
  }

  public struct Change: Sendable, Hashable, Codable {
    public let run: RunID
    public let step: String
    public let title: String
    public let effect: Effect
    public let word: String
    @OrNull public var reading: String?
    @OrNull public var at: Timestamp?
    public let entries: [Int64]
    /// What the same question had read before, where somebody had asked it, and the entry that says so.
    @OrNull public var before: String?
    @OrNull public var beforeEntry: Int64?
  }

  public struct FollowUp: Sendable, Hashable, Codable {
    public let what: String
    @OrNull public var command: String?
  }

  static func section(_ run: RunAccount) -> RunSection {
    RunSection(
      run: RunLine(run), params: run.start.params, prerequisites: run.start.prerequisites, digest: run.start.digest,
      handovers: run.handovers, cancellation: run.cancellation, steps: run.steps.map(StepDetail.init))
  }

  /// What the runs changed, in the order in which each began.
  static func changes(_ runs: [RunAccount]) -> [Change] {
    let before = ReadingsBefore(runs)
    return runs.flatMap { run in
      let changing = run.steps.filter { $0.effect != .read && $0.changedSomething }
      // By their entries: a clock may have been set in between.
      return changing.sorted { ($0.begun ?? .max) < ($1.begun ?? .max) }.map { step in
        let former = before.before(step, of: run)
        return Change(
          run: run.id, step: step.id.rawValue, title: step.title, effect: step.effect, word: step.word,
          reading: step.record.check?.reading, at: step.record.started, entries: step.entries.map(\.sequence),
          before: former?.text, beforeEntry: former?.entry)
      }
    }
  }

  /// What the body of the report tells where the whole timeline is too long for it: what somebody starred, milestones,
  /// severities, and where each run began and ended.
  static func keyEntries(of file: IncidentFile, _ timeline: [TimelineRow]) -> [Int64] {
    let ends = Set(
      file.entries.filter { [.runStarted, .runFinished].contains($0.event.fact.kind) }.map(\.sequence))
    return timeline.filter { row in
      row.starred || row.kind == .milestone || row.kind == .severity || ends.contains(row.entry)
    }.map(\.entry)
  }
}

extension StepAccount {
  fileprivate var changedSomething: Bool {
    switch record.state {
    case .done, .unknown, .running: !["wait", "set", "assert", "monitor", "notify"].contains(action)
    case .failed: record.check != nil
    default: false
    }
  }
}
