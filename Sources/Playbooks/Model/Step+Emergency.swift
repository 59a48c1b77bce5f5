internal import IncidentModel

extension Step {
  /// Whether it may act when no journal takes its record, only a spool. Asked again where it runs, whatever a loader has
  /// let pass.
  public var mayRunWithoutJournal: Bool {
    guard emergency, verify != nil, idempotent || effect == .read else { return false }
    switch action {
    case .sql, .http, .command, .shell: return true
    default: return false
    }
  }
}

extension Playbook {
  /// The steps that may act without a journal: those of a kill switch alone, which leads to safety.
  public var emergencySteps: [Step] {
    func flat(_ steps: [Step]) -> [Step] { steps.flatMap { [$0] + flat($0.children) } }
    return killSwitch == nil ? [] : flat(steps).filter(\.mayRunWithoutJournal)
  }
}
