import Engine
import IncidentModel
import Journaling
import Playbooks

/// The step that another run is.
struct ParentStep: Sendable {
  let run: RunID
  let step: StepID
}

/// A step that is a run of its own, in the same incident: a `playbook` step, or one that a person picked. Its outcome
/// is the step's.
struct ChildRun: Sendable {
  enum Outcome: Sendable {
    case ended(StepEnd)
    /// A person has to go on with it first.
    case open(RunID)
    /// The person left before it began.
    case notBegun
  }

  private let child: SubPlaybook
  private let params: [String: Value]
  private let parent: RunID
  private let step: StepID
  private let scene: Scene
  private let approved: Set<Effect>
  private let workplace: Workplace

  init(
    _ child: SubPlaybook, params: [String: Value], parent: RunID, step: StepID, scene: Scene, approved: Set<Effect>,
    workplace: Workplace
  ) {
    self.child = child
    self.params = params
    self.parent = parent
    self.step = step
    self.scene = scene
    self.approved = approved
    self.workplace = workplace
  }

  func perform() async -> Outcome {
    do {
      guard let request = try await agreed(to: try request()) else {
        return Self.failed("\(child.id) was not confirmed; nothing of it was done")
      }
      try FailPoint.pass("child.before-start") { Problem($0) }
      let result = try await Runner(workplace).start(request, parent: ParentStep(run: parent, step: step))
      FailPoint.reach("child.after-end")
      return outcome(result)
    } catch is Left {
      return .notBegun
    } catch { return Self.failure(error) }
  }

  /// A question that came before the first step got no answer.
  private struct Left: Error {}

  /// Goes on with the run that was begun for this step, if there is one; `nil`: it never began.
  func goOn() async -> Outcome? {
    do {
      guard let id = try begun() else { return nil }
      let story = try Runner(workplace).story(of: id)
      if story.state.phase.isOver { return outcome(story.state, of: id) }
      let environment = try workplace.library.environment(named: scene.state.start?.environment ?? "")
      if let wish = scene.state.cancellation, story.state.cancellation == nil { try cancel(id, wish) }
      do {
        return outcome(
          try await Runner(workplace).resume(
            id, environment: environment, agreement: ResumeAgreement(approved: approved)))
      } catch RunRefusal.busy { return .open(id) }
    } catch { return Self.failure(error) }
  }

  /// Who ends a run ends what is part of it.
  private func cancel(_ run: RunID, _ wish: RunCancellation) throws {
    let why = wish.why.map { "\(parent) was cancelled: \($0)" } ?? "\(parent) was cancelled"
    try workplace.journal.append([
      Event(
        at: workplace.time.read(), actor: workplace.actor, incident: scene.incident?.id, run: run,
        .cancellationAsked(RunCancellation(now: wish.now, why: why)))
    ])
  }

  private func begun() throws -> RunID? {
    let reader = workplace.journal.reader
    let later = try reader.runs(of: child.id).filter { $0 > parent }
    return try reader.lifecycle([.runStarted], of: later).last { entry in
      guard case .runStarted(let start) = entry.event.fact else { return false }
      return start.parent == parent && start.parentStep == step.rawValue && start.playbook == child.id
    }?.event.run
  }

  // MARK: - What came of it

  private func outcome(_ result: RunResult) -> Outcome { outcome(result.state, of: result.run) }

  private func outcome(_ state: RunState, of run: RunID) -> Outcome {
    let acts = state.actingSteps.map(\.record).filter { $0.state != .skipped }
    switch state.phase {
    case .done:
      let verified = acts.allSatisfy { $0.verification == .verified }
      return .ended(
        StepEnd(
          state: .done, verification: verified ? .verified : .unverified,
          reason: verified ? "every step of \(run) is verified" : "not every step of \(run) has a check"))
    case .waiting, .running: return .open(run)
    default: return Self.failed("\(run) \(state.phase.rawValue)\(state.reason.map { ": \($0)" } ?? "")")
    }
  }

  private static func failed(_ reason: String) -> Outcome {
    .ended(StepEnd(state: .failed, verification: .unverified, reason: reason))
  }

  private static func failure(_ error: any Error) -> Outcome {
    switch error {
    case let problem as Problem: failed(problem.advice.map { "\(problem.message). \($0)" } ?? problem.message)
    case let refusal as RunRefusal: failed(refusal.problem.message)
    default: failed("\(error)")
    }
  }

  // MARK: - What it takes to begin

  private func request() throws -> RunRequest {
    let path = try workplace.library.find(child.id)
    let loaded = PlaybookLoader(library: workplace.library).load(path: path)
    guard let playbook = loaded.playbook else {
      throw Problem("playbook '\(child.id)' has mistakes", advice: "andon playbook check \(child.id)")
    }
    let start = scene.state.start
    let environment = try workplace.library.environment(named: start?.environment ?? "")
    let given: [String: Value]
    let prerequisites: [String: Bool]
    switch playbook.resolveInput(params.mapValues(\.displayText)) {
    case .accepted(let params, let answers): (given, prerequisites) = (params, answers)
    case .refused(let problems): throw problems.first ?? Problem("'\(child.id)' refuses its params")
    }
    return RunRequest(
      playbook: playbook, environment: environment, drill: start?.drill ?? false,
      unattended: workplace.operator == nil, params: given,
      secretParams: Set(playbook.params.filter(\.secret).map(\.name)), prerequisites: prerequisites,
      detected: start?.detected, incident: scene.incident.map { .join($0.id) } ?? .none, why: "step of \(parent)",
      approved: approved)
  }

  /// With its prerequisites recorded, and a kill switch confirmed; `nil`: somebody said no.
  private func agreed(to request: RunRequest) async throws -> RunRequest? {
    var request = request
    let person = workplace.operator
    for prerequisite in request.playbook.prerequisites where request.prerequisites[prerequisite.id] == nil {
      guard let person else { break }
      let playbook = request.playbook
      let answer = await workplace.control.asking { await person.affirm(prerequisite, of: playbook) }
      guard let answer else { throw Left() }
      request.prerequisites[prerequisite.id] = answer
    }
    let missing = request.playbook.prerequisites.map(\.id).filter { request.prerequisites[$0] != true }
    if !missing.isEmpty {
      throw Problem(
        "playbook '\(child.id)' does not start before this is recorded: \(missing.joined(separator: ", "))",
        advice: "Name it under 'with', as \(missing[0]): true, once it is so.")
    }
    if let person, request.playbook.killSwitch != nil, !approved.contains(.destructive) {
      let findings = await DryRun(workplace.equipment, request).findings()
      let (playbook, scene) = (request.playbook, scene)
      let answer = await workplace.control.asking { await person.confirm(playbook, findings, scene) }
      guard let answer else { throw Left() }
      if !answer { return nil }
      request.approved = [.read, .write, .destructive]
    }
    return request
  }
}
