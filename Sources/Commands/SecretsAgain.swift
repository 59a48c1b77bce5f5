internal import Console
internal import Execution
internal import IncidentModel
internal import Journaling
internal import Playbooks

/// The secret params of a run that somebody takes up: the journal has their names and not their values, so they are
/// given or typed once more.
struct SecretsAgain {
  let assembly: Assembly
  let reader: JournalReader

  /// What was given, complete. Throws `CommandFailure`: 64 where nobody is there to be asked, 4 when whoever is asked
  /// leaves; the run stays as it was.
  func complete(
    _ options: RunOptions, for playbook: Playbook, _ start: RunStart, _ run: RunID, attended: Bool
  ) throws -> [String: String] {
    var texts = try SecretParams(environment: assembly.environment).reveal(options, for: playbook)
    let missing = playbook.params.filter {
      $0.secret && start.params[$0.name] != nil && texts[$0.name] == nil
    }
    guard let first = missing.first else { return texts }
    // Nobody types a secret for a run that cannot be taken up.
    _ = try OpenRun(reader: reader).started(run.description)
    if isDriven(start) { return texts }
    guard attended else {
      throw CommandFailure(
        .usage, "\(run) needs its secret param '\(first.name)' again: the journal does not have it",
        advice: "Give \(SecretParams.safeForms(of: first.name)).")
    }
    for parameter in missing {
      guard let text = ParameterInterview(screen: assembly.screen).askAgain(parameter, of: run) else {
        throw CommandFailure(
          .parked, "\(run) was not taken up; it waits as before", advice: "To go on: andon resume \(run)")
      }
      texts[parameter.name] = text
    }
    return texts
  }

  private func isDriven(_ start: RunStart) -> Bool {
    Runner.isDriven(
      stateDirectory: assembly.stateDirectory, playbook: start.playbook, environment: start.environment,
      drill: start.drill)
  }
}
