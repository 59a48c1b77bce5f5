internal import ArgumentParser
internal import Console
internal import Engine
internal import IncidentModel
internal import Journaling
internal import Playbooks

struct PlaybookDisarm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disarm", abstract: "No monitor starts this playbook any more.",
    discussion: """
      Also stops one that is announced and has not started. A run that has started is ended with 'andon cancel'.

      Examples:
        andon playbook disarm pause-trading
        andon playbook disarm pause-trading --env production --why "false alarm"
      """)

  @Argument(help: "Id of the playbook.", completion: .armed)
  var playbook: String

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("The environment. Default: wherever it is armed.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @Option(help: ArgumentHelp("Why, for the record.", valueName: "TEXT"))
  var why: String?

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let assembly = Assembly(global)
    assembly.hideKnownSecrets()
    let why = try why.map { try TypedText.line($0, "--why") }
    let ends = try armed(assembly).map {
      PlaybookDisarming(playbook: playbook, environment: $0.terms.environment, why: why)
    }
    if ends.isEmpty {
      // Whoever mistypes a name must not believe that it is disarmed.
      if !assembly.library.ids().contains(playbook) {
        throw CommandFailure(
          .usage, "no playbook is named '\(playbook.visible)'",
          advice: nearMiss(to: playbook, among: assembly.library.ids()).map { "Did you mean '\($0)'?" }
            ?? "andon status shows what is armed.")
      }
      return assembly.screen.record("\(playbook) is not armed\(environment.map { " in \($0)" } ?? "").")
    }
    let now = assembly.time.read()
    let journal = try assembly.openJournal()
    try journal.append(ends.map { Event(at: now, actor: assembly.actor, .playbookDisarmed($0)) })
    journal.close()
    for end in ends { assembly.screen.record("disarmed  \(end.playbook) in \(end.environment)") }
  }

  private func armed(_ assembly: Assembly) throws -> [ArmedPlaybooks.Arming] {
    guard let reader = try JournalReader(directory: assembly.stateDirectory) else { return [] }
    return ArmedPlaybooks(try reader.lifecycle(ArmedPlaybooks.kinds).map(\.event)).all(at: assembly.time.read().wall)
      .filter { $0.terms.playbook == playbook && (environment == nil || $0.terms.environment == environment) }
  }
}
