internal import Actions
internal import CLinux
internal import Console
internal import Execution
internal import Foundation
internal import IncidentModel
internal import Journaling
internal import Playbooks
internal import Reporting
internal import Sandbox

#if canImport(Glibc)
  internal import Glibc
#endif

/// Where everything is wired, in order and by name. Nothing registers itself anywhere.
struct Assembly {
  let environment: [String: String]
  let stateDirectory: String
  let library: PlaybookLibrary
  let actor: String
  let host: String
  let redactor = Andon.redactor
  let time = TimeSource.system
  let screen: Screen
  let wantsJSON: Bool
  /// Everything that a run does is shown as it is done.
  let verbose: Bool
  private let notice = SpoolNotice()

  init(_ options: GlobalOptions, machineReadable: Bool = false) {
    clinux_forbid_core_dumps()
    environment = ProcessInfo.processInfo.environment
    stateDirectory = options.stateDirectory ?? environment.nonEmpty("ANDON_STATE") ?? "state"
    library = PlaybookLibrary(
      directory: options.playbooksDirectory ?? environment.nonEmpty("ANDON_PLAYBOOKS") ?? Self.defaultPlaybooks())
    host = Self.hostName()
    let user = environment.nonEmpty("USER") ?? environment.nonEmpty("LOGNAME") ?? "uid\(getuid())"
    actor = options.actor ?? environment.nonEmpty("ANDON_ACTOR") ?? "\(user)@\(host)"
    wantsJSON = options.json
    verbose = options.verbose
    let policy = TerminalPolicy(
      environment: environment, plain: options.plain, noColor: options.noColor,
      forbidsInput: options.noInput || options.json || machineReadable)
    screen = Screen(policy: policy, redactor: redactor, quiet: options.quiet)
  }

  /// Asked of the kernel: a name server may take seconds in the worst hour.
  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The folder in the working directory, else the one that was installed beside the executable.
  private static func defaultPlaybooks() -> String {
    if FileManager.default.fileExists(atPath: "playbooks") { return "playbooks" }
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let installed = (executable as NSString).deletingLastPathComponent + "/../share/andon/playbooks"
    return FileManager.default.fileExists(atPath: installed) ? installed : "playbooks"
  }

  /// Makes the secrets of every environment known to the redactor, as far as they are at hand: for text that people
  /// bring along, such as notes, and for whatever a step prints before another one asks for the secret.
  func hideKnownSecrets() {
    for name in library.environmentNames() {
      guard let file = try? library.environment(named: name) else { continue }
      ConnectionBook(environment: file, variables: environment, redactor: redactor).hideWhatIsAtHand()
    }
  }

  func requirePlaybooks() throws {
    if FileManager.default.fileExists(atPath: library.directory) { return }
    throw CommandFailure(
      .configuration, "there is no folder of playbooks at \(library.directory)",
      advice: "Name it with --playbooks DIR or ANDON_PLAYBOOKS.")
  }

  // MARK: - Journal

  var spools: SpoolPlaces { SpoolPlaces(stateDirectory: stateDirectory, chosen: environment.nonEmpty("ANDON_SPOOL")) }

  /// Says once that a record still has to be brought into the journal, where one has.
  func mentionSpools() { notice.mention(spools.waiting(), on: screen) }

  /// For a run that may go on without it; one that cannot be opened until then takes nothing.
  func openJournal(by deadline: ContinuousClock.Instant) throws -> Journal {
    hideKnownSecrets()
    mentionSpools()
    do {
      return try Journal.forEmergency(
        directory: stateDirectory, redactor: redactor, outside: outsideAnchors, by: deadline)
    } catch {
      throw CommandFailure(.journal, error.problem)
    }
  }

  /// Whoever can write knows what must not be written.
  func openJournal() throws -> Journal {
    hideKnownSecrets()
    mentionSpools()
    do { return try Journal(directory: stateDirectory, redactor: redactor, outside: outsideAnchors) } catch {
      throw CommandFailure(.journal, error.problem)
    }
  }

  /// For looking. Without a journal there is nothing to see yet, which is said.
  func openReader() throws -> JournalReader {
    mentionSpools()
    do {
      if let reader = try JournalReader(directory: stateDirectory) { return reader }
    } catch { throw CommandFailure(.journal, error.problem) }
    throw CommandFailure(
      .data, "there is no journal in \(stateDirectory) yet",
      advice: "Name the folder with --state DIR, or begin with: andon incident open")
  }

  // MARK: - Running

  /// The environment of a run, and the sandbox behind it when nobody else provides one.
  /// - Parameter freshSandbox: begins with the rows of its definition, whatever happened in it before.
  func place(named name: String?, drill: Bool, freshSandbox: Bool = false) async throws -> Place {
    let chosen = name ?? (drill ? "sandbox" : environment.nonEmpty("ANDON_ENV") ?? "production")
    let file: EnvironmentFile
    do { file = try library.environment(named: chosen) } catch { throw CommandFailure(.configuration, error) }
    if drill && file.production {
      throw CommandFailure(
        .notAllowed, "a drill does not run in '\(file.name)', which is production",
        advice: "Leave --env out to drill in the sandbox.")
    }
    guard let section = file.sandbox else { return Place(file: file, drill: drill, variables: environment) }
    do {
      let definition = try SandboxDefinition(section, baseDirectory: library.directory)
      if definition.isProvided(by: environment) { return Place(file: file, drill: true, variables: environment) }
      let sandbox = try await SandboxPlatform.start(
        definition, directory: "\(stateDirectory)/sandbox", port: 0, fresh: freshSandbox,
        wish: DatabaseWish(environment), path: environment["PATH"])
      screen.hint("sandbox: \(sandbox.databaseText.visible)")
      let variables = definition.environment(environment, of: sandbox)
      return Place(file: file, drill: true, variables: variables, sandbox: sandbox)
    } catch let problem as Problem { throw CommandFailure(.configuration, problem) }
  }

  /// This process, as the owner of a lock.
  var holder: RunLock.Holder {
    RunLock.Holder(pid: Int(getpid()), host: host, actor: actor, run: "", since: time.read().wall)
  }

  /// Whether a living process drives the run.
  func isDriven(_ run: RunLine) -> Bool {
    Runner.isDriven(
      stateDirectory: stateDirectory, playbook: run.playbook, environment: run.environment, drill: run.drill)
  }

  /// - Parameter keptSessions: how many sessions of each database are kept between statements.
  func equipment(_ place: Place, keptSessions: Int = 1) -> Equipment {
    Equipment(
      library: library,
      connections: ConnectionBook(environment: place.file, variables: place.variables, redactor: redactor),
      performer: Performer(redactor: redactor, keptSessions: keptSessions), redactor: redactor, time: time)
  }

  func workplace(
    _ journal: Journal, _ equipment: Equipment, attended: Bool, observer: any RunObserver
  ) -> Workplace {
    Workplace(
      equipment: equipment, journal: journal, stateDirectory: stateDirectory, actor: actor, host: host,
      pid: Int(getpid()), operator: attended ? Walkthrough(screen: screen) : nil, observer: observer,
      spools: spools)
  }
}

/// Where a run happens.
struct Place {
  let file: EnvironmentFile
  let drill: Bool
  let variables: [String: String]
  let sandbox: RunningSandbox?

  init(file: EnvironmentFile, drill: Bool, variables: [String: String], sandbox: RunningSandbox? = nil) {
    self.file = file.settled(by: variables)
    self.drill = drill
    self.variables = variables
    self.sandbox = sandbox
  }
}

extension [String: String] {
  func nonEmpty(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}
