import Engine
import IncidentModel
import Playbooks
import Testing

/// Runs a playbook against the engine alone: what each step comes to is said by the test, nothing is done.
struct Rehearsal {
  var state: RunState
  /// Steps in the order they were started; those in one group were started together.
  private(set) var started: [[String]] = []
  var ending: Decision?
  private var clock: Int64 = 1_900_000_000_000

  init(_ yaml: String, unattended: Bool = true, params: [String: Value] = [:]) throws {
    let text = "format: 1\nid: rehearsed\nname: Rehearsed\n" + yaml
    let loaded = PlaybookLoader(library: nil).load(text: text, file: "rehearsed.yaml")
    let playbook = try #require(loaded.playbook, "\(loaded.diagnostics.map(\.text))")
    state = RunState(playbook: playbook)
    try record(
      .runStarted(
        RunStart(
          playbook: "rehearsed", name: "Rehearsed", digest: "", environment: "test", production: false, drill: false,
          unattended: unattended, params: params, prerequisites: [:],
          detected: Timestamp(milliseconds: clock), owner: RunOwner(host: "h", pid: 1, epoch: 1))))
  }

  mutating func record(_ fact: Fact, _ step: StepID? = nil, attempt: Int? = nil) throws {
    clock += 1000
    let reading = ClockReading(wall: Timestamp(milliseconds: clock), boot: clock, bootID: "")
    try state.apply(Event(at: reading, actor: "t", run: RunID(number: 1), step: step, attempt: attempt, fact))
  }

  /// Goes on until the engine says that the run is over or needs a person.
  mutating func run(_ outcome: (_ step: String, _ attempt: Int) -> StepEnd = { _, _ in .verified }) throws {
    while ending == nil {
      let decisions = state.next(busy: [])
      try #require(!decisions.isEmpty, "the engine is stuck")
      var starts: [(Step, Int)] = []
      for decision in decisions {
        switch decision {
        case .start(let step, let attempt): starts.append((step, attempt))
        case .park, .finish, .ask: ending = decision
        default: try carryOut(decision)
        }
      }
      if !starts.isEmpty { started.append(starts.map { $0.0.id.rawValue }) }
      for (step, attempt) in starts { try perform(step, attempt, outcome) }
    }
  }

  private mutating func perform(_ step: Step, _ attempt: Int, _ outcome: (String, Int) -> StepEnd) throws {
    if case .manual = step.action {
      let question = StepQuestion(title: "", ask: "", checklist: [], draft: nil, link: nil, answerType: "confirm")
      return try record(.stepAsked(question), step.id)
    }
    let intent = StepIntent(title: step.id.rawValue, action: "", effect: step.effect, preview: [], digest: "")
    try record(.stepIntended(intent), step.id, attempt: attempt)
    try record(.stepFinished(outcome(step.id.rawValue, attempt)), step.id, attempt: attempt)
  }

  private mutating func carryOut(_ decision: Decision) throws {
    switch decision {
    case .skip(let step, let reason):
      try record(.stepSkipped(StepSkip(title: "", reason: reason, cause: .condition)), step.id)
    case .refuse(let step, let reason):
      try record(.stepFinished(StepEnd(state: .failed, verification: .unverified, reason: reason)), step.id)
    case .choose(let step, let taken): try record(.branchTaken(BranchChoice(taken: taken)), step.id)
    case .judge(let target, let step):
      try record(.targetJudged(TargetJudgement(target: target.name, limit: target.limit, elapsed: .zero)), step.id)
    default: break
    }
  }

  var order: [String] { started.flatMap { $0 } }

  var phase: RunPhase? { if case .finish(let phase, _)? = ending { phase } else { nil } }
  var isParked: Bool { if case .park? = ending { true } else { false } }
}

extension StepEnd {
  static let verified = StepEnd(state: .done, verification: .verified)
  static let failed = StepEnd(state: .failed, verification: .failed, reason: "it did not work")
  static let unknown = StepEnd(state: .unknown, verification: .unverified, reason: "timed out")
}
