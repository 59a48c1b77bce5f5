internal import ArgumentParser
internal import Console
internal import Execution
internal import Glibc
internal import IncidentModel
internal import Playbooks
internal import Sandbox

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Would the playbooks work right now?",
    discussion: """
      Looks at the state folder, the secrets, the connections, the programs, and \
      at every SQL statement against the live schema and the rights of its user; \
      says what would fail, worst first, and what to do. Takes seconds and changes \
      nothing, in no database, no file and no journal.

      Exit 69 when something would fail, 0 otherwise, also with warnings.

      Examples:
        andon doctor
        andon doctor pause-trading
        andon doctor --env staging --json
      """)

  @Argument(help: "Id of a playbook, or a path; none: all of them.", completion: .playbooks)
  var playbook: String?

  @Option(
    name: .customLong("env"),
    help: ArgumentHelp("The environment. Default: ANDON_ENV, else production.", valueName: "NAME"),
    completion: .environments)
  var environment: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    try assembly.requirePlaybooks()
    let library = assembly.library
    let name = environment ?? assembly.environment.nonEmpty("ANDON_ENV") ?? "production"
    let paths: [String]
    do { paths = try playbook.map { [try library.find($0)] } ?? library.paths() } catch {
      throw CommandFailure(.usage, error as? Problem ?? Problem("\(error)"))
    }
    // A file with mistakes is a finding; a name that nothing bears is a typing error.
    if !library.environmentNames().contains(name) {
      do { _ = try library.environment(named: name) } catch { throw CommandFailure(.configuration, error) }
    }
    let readiness = Readiness(
      library: library, redactor: assembly.redactor, time: assembly.time, variables: assembly.environment,
      stateDirectory: assembly.stateDirectory)
    let report = await readiness.examine(
      paths: paths, environment: name, isThere: isThere(name, assembly))
    ReadinessView(screen: assembly.screen, isWatched: isatty(STDOUT_FILENO) == 1).show(report, json: global.json)
    if !report.isReady { throw Ending(.unavailable) }
  }

  /// False for a sandbox that nobody has started: whoever uses it starts one of its own.
  private func isThere(_ name: String, _ assembly: Assembly) -> Bool {
    guard let section = (try? assembly.library.environment(named: name))?.sandbox,
      let definition = try? SandboxDefinition(section, baseDirectory: assembly.library.directory)
    else { return true }
    return definition.isProvided(by: assembly.environment)
  }
}
