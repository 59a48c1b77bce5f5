internal import Engine
public import IncidentModel

/// What the record lets one say about the world at its last entry: proved, not known, and left to people.
public struct Truth: Sendable, Hashable, Codable {
  /// The last reading of each check that proved something, in the order they were taken.
  public let verified: [Reading]
  /// Steps that should have changed something, and of which nothing proves that they did.
  public let notKnown: [Point]
  /// Steps that wait for a person.
  public let open: [Point]
  /// Steps that were taken back: nothing that they proved is said above.
  public let rolledBack: [Point]
  /// Runs that are left out above because a later one took them back.
  public let takenBack: [TakenBack]

  public struct Reading: Sendable, Hashable, Codable {
    public let run: RunID
    public let step: String
    public let title: String
    public let check: [String]
    @OrNull public var reading: String?
    public let at: Timestamp
    public let entry: Int64

    /// The reading, or else that the check passed.
    var text: String { reading ?? "the check passed" }
  }

  public struct Point: Sendable, Hashable, Codable {
    public let run: RunID
    public let step: String
    public let title: String
    /// `FAILED`, `UNKNOWN`, `done`, `waiting`, `running`.
    public let word: String
    public let why: String
    public let entries: [Int64]

    init(_ step: StepAccount, of run: RunID) {
      self.run = run
      self.step = step.id.rawValue
      title = step.title
      word = step.word
      why = step.explanation
      entries = step.entries.map(\.sequence)
    }
  }

  /// - Parameter runs: of one incident, in the order they were started.
  init(_ runs: [RunAccount]) {
    takenBack = TakenBack.all(among: runs)
    let gone = Set(takenBack.map(\.run))
    let steps = runs.filter { !gone.contains($0.id) }.flatMap { run in run.steps.map { (run: run, step: $0) } }
    verified = Self.readings(steps)
    notKnown = steps.filter { $0.step.leavesDoubt }.map { Point($0.step, of: $0.run.id) }
    rolledBack = steps.filter { $0.step.rollback != nil }.map { Point($0.step, of: $0.run.id) }
    open = steps.filter { $0.step.record.state == .waiting }.map { Point($0.step, of: $0.run.id) }
  }

  /// A later reading of the same thing replaces an earlier one, whatever it says.
  private static func readings(_ steps: [(run: RunAccount, step: StepAccount)]) -> [Reading] {
    var last: [ProbeKey: (sequence: Int64, reading: Reading?)] = [:]
    for (run, step) in steps {
      guard let (check, entry) = step.lastCheck else { continue }
      let key = ProbeKey(check, of: step, in: run)
      if let known = last[key], known.sequence > entry.sequence { continue }
      // The step may have been judged otherwise since, by a person for instance, or been taken back.
      let holds = check.verification == .verified && step.record.state == .done && step.rollback == nil
      last[key] = (
        entry.sequence,
        holds
          ? Reading(
            run: run.id, step: step.id.rawValue, title: step.title, check: check.check, reading: check.reading,
            at: entry.event.at, entry: entry.sequence) : nil
      )
    }
    return last.values.compactMap(\.reading).sorted { $0.entry < $1.entry }
  }
}

/// What a check looked at, so that two readings of the same thing can be told from two things.
private struct ProbeKey: Hashable {
  let environment: String
  let drill: Bool
  let probe: [String]
  /// Set where the probe's text alone does not say what was looked at.
  let owner: String?

  init(_ check: StepCheck, of step: StepAccount, in run: RunAccount) {
    environment = run.start.environment
    drill = run.start.drill
    probe = check.check.filter { !$0.hasPrefix("until ") }
    // Without an `until` it is an assertion on what the step itself returned; with a placeholder or a template, the
    // same text can look at different things.
    let saysItAll = probe.count < check.check.count && !probe.contains { $0.holdsPlaceholder }
    owner = saysItAll ? nil : "\(step.id) \(step.title)"
  }
}

extension String {
  /// Whether `$1` or a `${…}` other than a connection's field stands in it.
  var holdsPlaceholder: Bool {
    let parts = split(separator: "$", omittingEmptySubsequences: false).dropFirst()
    return parts.contains { part in
      part.first?.isNumber == true || (part.first == "{" && !part.dropFirst().hasPrefix("connections."))
    }
  }
}

extension StepAccount {
  /// True when it was to change something and nothing proves that it did, or a check says that it did not.
  var leavesDoubt: Bool {
    if rollback != nil { return false }
    return switch record.state {
    case .failed, .unknown, .running: true
    case .done: record.verification != .verified && effect != .read && !Self.unprovable.contains(action)
    default: false
    }
  }

  /// Actions that change nothing in the systems, or, for messages, are told of elsewhere.
  private static let unprovable: Set<String> = ["wait", "set", "assert", "notify", "monitor"]
}
