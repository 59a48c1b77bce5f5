internal import Engine
internal import IncidentModel
internal import Playbooks

/// What to type next, and why.
public struct NextStep: Sendable, Hashable, Codable {
  public let command: String
  public let why: String

  /// Everything that an incident still asks for.
  static func all(for file: IncidentFile) -> [NextStep] {
    let takenBack = Set(TakenBack.all(among: file.runs).map(\.run))
    return file.runs.flatMap { run in all(for: run, isTakenBack: takenBack.contains(run.id)) } + outbox(file.messages)
  }

  static func all(for run: RunAccount, isTakenBack: Bool) -> [NextStep] {
    var steps: [NextStep] = []
    switch run.state.phase {
    case .waiting: steps.append(NextStep(command: "andon resume \(run.id)", why: run.state.reason ?? "it is parked"))
    default: break
    }
    for step in run.steps where step.record.state == .unknown || (step.record.state == .failed && step.counts) {
      steps.append(
        NextStep(command: "andon show \(run.id) --step \(step.number)", why: "'\(step.title)' \(step.word)"))
    }
    if let inverse = run.state.playbook.inverse, run.state.playbook.killSwitch != nil, !isTakenBack {
      let incident = run.state.incident.map { " --incident \($0)" } ?? ""
      steps.append(NextStep(command: "andon run \(inverse)\(incident)", why: "takes \(run.id) back, when it is safe"))
    }
    return steps
  }

  /// Of a run that is neither parked nor over.
  static func resume(_ line: RunLine) -> NextStep {
    NextStep(
      command: line.interrupted ? "andon resume \(line.id)" : "andon show \(line.id)",
      why: line.interrupted ? "interrupted: process \(line.owner.pid) is gone" : "process \(line.owner.pid) drives it")
  }

  static func outbox(_ messages: [MessageAccount]) -> [NextStep] {
    let pending = messages.filter(\.isPending).count
    guard pending > 0 else { return [] }
    let what = pending == 1 ? "1 message is" : "\(pending) messages are"
    return [NextStep(command: "andon notify outbox --send", why: "\(what) not sent")]
  }

  static func postmortem(of incident: IncidentID) -> NextStep {
    NextStep(command: "andon postmortem create \(incident)", why: "the report, from the journal")
  }
}
