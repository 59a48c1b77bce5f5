public import Engine
public import Execution
public import IncidentModel
internal import Playbooks

/// The last lines of a run: how it ended, which clocks were kept, what is left to do, and where the record stands.
public struct RunSummary {
  private let screen: Screen

  public init(screen: Screen) { self.screen = screen }

  /// - Parameter head: the journal's head, as `SEQUENCE:HASH`.
  public func show(_ result: RunResult, head: String?, status: Int32, stateDirectory: String) {
    let state = result.state
    let drill = state.start?.drill == true ? " DRILL" : ""
    let exit = status == 0 ? "" : "   exit \(status)"
    screen.record("\(result.run) \(state.playbook.id)\(drill) \(word(state))\(exit)")
    if state.waiting.isEmpty {
      for line in (state.reason ?? "").split(whereSeparator: \.isNewline) { screen.record("  \(String(line).visible)") }
    }
    for step in state.waiting {
      screen.record("  left to a person: \((state.record(of: step.id).title ?? step.id.rawValue).visible)")
    }
    for next in next(result) { screen.record("Next:  \(next)") }
    if let head { screen.record("Journal \(stateDirectory)/journal.db   head \(head)") }
  }

  private func word(_ state: RunState) -> String {
    switch state.phase {
    case .done: state.isDegraded ? "DONE, with exceptions" : "DONE"
    case .waiting, .running: state.hasFailed ? "PARKED, with failures" : "PARKED"
    default: state.phase.rawValue.uppercased()
    }
  }

  private func next(_ result: RunResult) -> [String] {
    var lines: [String] = []
    if !result.state.phase.isOver { lines.append("andon resume \(result.run)") }
    if result.state.actingSteps.contains(where: { $0.step.action.keyword == "notify" && $0.record.isBad }) {
      lines.append("andon notify outbox --send")
    }
    if result.state.hasFailed { lines.append("andon show \(result.run)") }
    if let incident = result.incident { lines.append("andon postmortem create \(incident)") }
    return lines
  }
}
