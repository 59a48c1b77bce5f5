public import IncidentModel

/// How a run went along on its own clock, which stands still while nobody drives the run: parked, or after a crash.
/// All moments are milliseconds of that clock since the run began.
public struct RunCourse: Sendable, Hashable {
  /// What came of one step.
  public struct Span: Sendable, Hashable {
    /// When it was first begun, or a person was first asked.
    public var begun: Int64
    /// When it came to its last end; `nil` while it has none.
    public var ended: Int64?
    public var state: StepState
    /// A check has proved it, and nothing has taken it back.
    public var isVerified = false
    /// It ended failed, or in a way that nobody knows, at least once; attempts that were repeated by themselves apart.
    public var hasFailed = false
    /// It was left out because its condition was false, or by the way the run was started.
    public var isNotDue = false

    /// How long it took, everything between its first begin and its last end: the actions, the checks, and the people.
    public var milliseconds: Int64? { ended.map { $0 - begun } }
  }

  public let run: RunID
  public private(set) var steps: [StepID: Span] = [:]
  /// When each clock of the playbook was judged.
  public private(set) var targets: [String: Int64] = [:]
  /// When the run was over; `nil` while it is not.
  public private(set) var end: Int64?
  public private(set) var phase: RunPhase?
  /// How long somebody has driven it.
  public private(set) var driven: Int64 = 0
  private var last: RunTrace?

  /// True while nobody drives it and it is not over.
  public var isParked: Bool { last?.kind == .runParked }

  private init(run: RunID) { self.run = run }

  /// The course of each run in the traces, in the order in which they come.
  public static func all(in traces: [RunTrace]) -> [RunCourse] {
    var courses: [RunCourse] = []
    for trace in traces {
      if courses.last?.run != trace.run { courses.append(RunCourse(run: trace.run)) }
      courses[courses.count - 1].apply(trace)
    }
    return courses
  }

  private mutating func apply(_ trace: RunTrace) {
    // Up to the moment when somebody takes the run up, nobody drove it since its last entry.
    if let last, last.bootID == trace.bootID, trace.kind != .runResumed { driven += max(0, trace.boot - last.boot) }
    last = trace
    switch trace.kind {
    case .runFinished: (phase, end) = (RunPhase(rawValue: trace.word), driven)
    case .targetJudged: targets[trace.word] = targets[trace.word] ?? driven
    default: if let step = trace.step { steps[step] = Self.changed(steps[step], by: trace, at: driven) }
    }
  }

  private static func changed(_ known: Span?, by trace: RunTrace, at now: Int64) -> Span {
    var span = known ?? Span(begun: now, state: .pending)
    switch trace.kind {
    case .stepIntended: (span.state, span.ended) = (.running, nil)
    case .stepAsked: (span.state, span.ended) = (.waiting, nil)
    case .stepFinished:
      let state = StepState(rawValue: trace.word) ?? .unknown
      if trace.isRetrying { return span }
      (span.state, span.ended, span.isVerified) = (state, now, trace.isVerified)
      span.hasFailed = span.hasFailed || state == .failed || state == .unknown
    case .stepSkipped:
      (span.state, span.ended) = (.skipped, now)
      span.isNotDue = trace.word != StepSkip.Cause.person.rawValue
    case .stepChosen: apply(trace.word, to: &span, at: now)
    case .stepRolledBack: span.isVerified = false
    default: break
    }
    return span
  }

  private static func apply(_ choice: String, to span: inout Span, at now: Int64) {
    switch StepChoice.Choice(rawValue: choice) {
    case .skip: (span.state, span.ended) = (.skipped, now)
    case .doneByHand: (span.state, span.ended) = (.done, now)
    case .goOn: span.ended = now
    // What comes of these is recorded by itself.
    case .retry, .check, .stop, .rollBack, .accept, nil: break
    }
  }
}

extension RunCourse {
  /// How long it took from where another run stands now up to a moment of this one; `nil` when the two cannot be
  /// compared.
  /// - Parameters:
  ///   - settled: the steps that the other run has behind it.
  ///   - spent: milliseconds that the other run has been standing there. They count for the step that comes next, and
  ///     only for as long as that one took: what it takes beyond that, the steps after it do not make up for.
  func rest(after settled: Set<StepID>, spent: Int64, until goal: Int64) -> Int64? {
    let behind = settled.compactMap { steps[$0]?.ended }
    guard settled.isEmpty || !behind.isEmpty else { return nil }
    let standing = behind.max() ?? 0
    if goal <= standing { return 0 }
    let next =
      steps.lazy.filter { !settled.contains($0.key) }.compactMap(\.value.ended)
      .filter { $0 > standing }.min().map { min($0, goal) } ?? goal
    return max(0, next - standing - max(0, spent)) + (goal - next)
  }
}
