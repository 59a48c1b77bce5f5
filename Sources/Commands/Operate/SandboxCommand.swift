internal import ArgumentParser
internal import Console
internal import Dispatch
internal import Glibc
internal import IncidentModel
internal import Playbooks
internal import Sandbox

struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "The stand-in platform for drills and demos, until Ctrl-C.",
    discussion: """
      Prints the variables that environments/sandbox.yaml reads; with them set, drills use this sandbox instead of \
      starting one of their own. Its database is a private PostgreSQL where one is installed, SQLite else; \
      ANDON_SANDBOX=sqlite asks for SQLite.

      Examples:
        andon sandbox
        andon sandbox --port 8080
      """)

  @Option(help: ArgumentHelp("The port on loopback; 0 takes a free one.", valueName: "PORT"))
  var port = 0

  @Flag(help: "Begin anew; otherwise it keeps what happened in it.")
  var fresh = false

  @Option(
    name: .customLong("env"), help: ArgumentHelp("The environment that describes it.", valueName: "NAME"),
    completion: .environments)
  var environment = "sandbox"

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let assembly = Assembly(global)
    let file: EnvironmentFile
    do { file = try assembly.library.environment(named: environment) } catch {
      throw CommandFailure(.configuration, error)
    }
    guard let section = file.sandbox else {
      throw CommandFailure(
        .configuration, "environment '\(environment)' describes no sandbox",
        advice: "Add a 'sandbox' section to \(file.file).")
    }
    let definition = try SandboxDefinition(section, baseDirectory: assembly.library.directory)
    let sandbox = try await SandboxPlatform.start(
      definition, directory: "\(assembly.stateDirectory)/sandbox", port: port, fresh: fresh,
      wish: DatabaseWish(assembly.environment), path: assembly.environment["PATH"])
    for (name, value) in sandbox.variables.sorted(by: { $0.key < $1.key }) {
      assembly.screen.record("export \(name)=\(value)")
    }
    for part in definition.standsInFor { assembly.screen.hint("stands in for \(part.visible)") }
    assembly.screen.hint("its database: \(sandbox.databaseText.visible)")
    assembly.screen.hint("Ctrl-C ends it.")
    await Self.untilInterrupted()
    await sandbox.stop()
  }

  private static func untilInterrupted() async {
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    let (interruptions, continuation) = AsyncStream.makeStream(of: Void.self)
    for source in sources {
      source.setEventHandler { continuation.finish() }
      source.resume()
    }
    for await _ in interruptions {}
    for source in sources { source.cancel() }
  }
}
