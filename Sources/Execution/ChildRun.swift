import Engine
import IncidentModel
import Playbooks

/// A `playbook` step: a run of its own, in the same incident, whose outcome is the step's.
struct ChildRun: Sendable {
  private let child: SubPlaybook
  private let params: [String: Value]
  private let parent: RunID
  private let incident: IncidentID?
  private let start: RunStart?
  private let approved: Set<Effect>
  private let workplace: Workplace

  init(
    _ child: SubPlaybook, params: [String: Value], parent: RunID, incident: IncidentID?, start: RunStart?,
    approved: Set<Effect>, workplace: Workplace
  ) {
    self.child = child
    self.params = params
    self.parent = parent
    self.incident = incident
    self.start = start
    self.approved = approved
    self.workplace = workplace
  }

  func perform() async -> [Fact] {
    func failed(_ reason: String) -> [Fact] {
      [.stepFinished(StepEnd(state: .failed, verification: .unverified, reason: reason))]
    }
    do {
      let result = try await Runner(workplace).start(try request(), parent: parent)
      let acts = result.state.actingSteps.map(\.record).filter { $0.state != .skipped }
      switch result.state.phase {
      case .done:
        let verified = acts.allSatisfy { $0.verification == .verified }
        return [
          .stepFinished(
            StepEnd(
              state: .done, verification: verified ? .verified : .unverified,
              reason: verified
                ? "every step of \(result.run) is verified" : "not every step of \(result.run) has a check"))
        ]
      case .waiting: return failed("\(result.run) waits for a person: andon resume \(result.run)")
      default: return failed("\(result.run) \(result.state.phase.rawValue): \(result.state.reason ?? "")")
      }
    } catch let error as Problem { return failed(error.message) } catch let error as RunRefusal {
      return failed(error.problem.message)
    } catch { return failed("\(error)") }
  }

  private func request() throws -> RunRequest {
    let path = try workplace.library.find(child.id)
    let loaded = PlaybookLoader(library: workplace.library).load(path: path)
    guard let playbook = loaded.playbook else {
      throw Problem("playbook '\(child.id)' has mistakes", advice: "andon playbook check \(child.id)")
    }
    let environment = try workplace.library.environment(named: start?.environment ?? "")
    let given: [String: Value]
    let prerequisites: [String: Bool]
    switch playbook.resolveInput(params.mapValues(\.displayText)) {
    case .accepted(let params, let answers):
      let missing = playbook.prerequisites.map(\.id).filter { answers[$0] != true }
      if !missing.isEmpty {
        throw Problem(
          "playbook '\(child.id)' does not start before this is recorded: \(missing.joined(separator: ", "))",
          advice: "Name it under 'with', as \(missing[0]): true, once it is so.")
      }
      given = params
      prerequisites = answers
    case .refused(let problems): throw problems.first ?? Problem("'\(child.id)' refuses its params")
    }
    return RunRequest(
      playbook: playbook, environment: environment, drill: start?.drill ?? false,
      unattended: start?.unattended ?? true, params: given,
      secretParams: Set(playbook.params.filter(\.secret).map(\.name)), prerequisites: prerequisites,
      detected: start?.detected,
      incident: incident.map { .join($0) } ?? .none, why: "step of \(parent)",
      approved: approved)
  }
}
