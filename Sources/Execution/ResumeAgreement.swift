internal import Engine
public import IncidentModel
public import Playbooks

/// What somebody who takes a run up agrees to and brings along, beside what was agreed to when it began.
public struct ResumeAgreement: Sendable {
  public var approved: Set<Effect>
  public var onFailure: FailurePolicy?
  /// The values of secret params: the journal has only their names.
  public var given: [String: String]

  public init(approved: Set<Effect> = [], onFailure: FailurePolicy? = nil, given: [String: String] = [:]) {
    self.approved = approved
    self.onFailure = onFailure
    self.given = given
  }

  /// The values of the run's secret params. Throws `Problem` when one is missing, unless the run is being cancelled:
  /// then it is `absent`.
  func secrets(for state: RunState, _ redactor: Redactor) throws(Problem) -> [String: Value] {
    var values: [String: Value] = [:]
    for parameter in state.playbook.params where parameter.secret && state.start?.params[parameter.name] != nil {
      guard let text = given[parameter.name] else {
        // Whoever only ends the run needs no secret; what cannot be asked about without it stays unknown.
        if state.cancellation != nil {
          values[parameter.name] = .absent
          continue
        }
        throw Problem(
          "the run needs its secret param '\(parameter.name)' again: the journal does not have it",
          advice: "Give it as --var \(parameter.name)=env:NAME or --var \(parameter.name)=file:PATH")
      }
      values[parameter.name] = try parameter.value(of: text)
      redactor.register(Secret(name: parameter.name, value: text))
    }
    return values
  }
}
