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
    case .waiting: steps.append(parked(RunLine(run), handover: run.handovers.last))
    default: break
    }
    for step in run.steps
    where step.rollback == nil
      && (step.record.state == .unknown || (step.record.state == .failed && step.counts))
    {
      steps.append(
        NextStep(command: "andon show \(run.id) --step \(step.number)", why: "'\(step.title)' \(step.word)"))
    }
    if let inverse = run.state.playbook.inverse, run.state.playbook.killSwitch != nil, !isTakenBack {
      let incident = run.state.incident.map { " --incident \($0)" } ?? ""
      let drill = run.start.drill ? " --drill" : ""
      steps.append(
        NextStep(
          command: "andon run \(inverse)\(drill)\(run.environmentFlag)\(incident)",
          why: "takes \(run.id) back, when it is safe"))
    }
    return steps
  }

  /// Of a run that is parked.
  static func parked(_ line: RunLine, handover: HandoverLine?) -> NextStep {
    let parked = line.reason ?? "it is parked"
    let why = line.handedTo.map { "handed over to \($0)\(handover?.why.asReason ?? "")" } ?? parked
    return NextStep(command: "andon resume \(line.id)", why: why)
  }

  /// Of a run that is neither parked nor over.
  static func resume(_ line: RunLine) -> NextStep {
    if line.interrupted {
      return NextStep(command: "andon resume \(line.id)", why: "interrupted: process \(line.owner.pid) is gone")
    }
    let what = line.cancelling ? "is cancelling it" : "drives it"
    return NextStep(
      command: "andon watch \(line.id)", why: "process \(line.owner.pid) on \(line.owner.host) \(what)")
  }

  /// On the way of an incident from the first alert to its end.
  /// - Parameter isReported: whether its postmortem has been written.
  static func milestones(of incident: IncidentLine, isReported: Bool) -> [NextStep] {
    let id = incident.id
    switch incident.status {
    case "closed": return []
    case "resolved":
      let close = NextStep(command: "andon incident close \(id)", why: "when the postmortem has been reviewed")
      return (isReported ? [] : [postmortem(of: id)]) + [close]
    case "mitigated": return [NextStep(command: "andon resolve \(id)", why: "when normal service is verified")]
    default:
      let acknowledge = NextStep(command: "andon ack \(id)", why: "nobody has acknowledged it")
      let mitigate = NextStep(command: "andon mitigate \(id)", why: "when users are no longer being hurt")
      return (incident.milestones.acknowledged == nil ? [acknowledge] : []) + [mitigate]
    }
  }

  /// When nothing is open.
  static let beginnings = [
    NextStep(command: "andon incident open", why: "something is wrong"),
    NextStep(command: "andon pull", why: "it has to be stopped now: the kill switch"),
    NextStep(command: "andon playbook list", why: "every procedure there is"),
  ]

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

extension RunAccount {
  /// ` --env NAME` where a run would not come to the same environment without it, else empty.
  fileprivate var environmentFlag: String {
    let usual = start.drill ? "sandbox" : "production"
    return start.environment == usual ? "" : " --env \(start.environment)"
  }
}
