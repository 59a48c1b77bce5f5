internal import Actions
internal import Engine
internal import IncidentModel
internal import Playbooks

/// What playbooks need of the world around them.
struct Needs: Sendable {
  /// A statement, and the step that makes it or checks with it.
  struct Statement: Sendable {
    let connection: String
    let question: SQLQuestion
    let playbook: String
    let step: StepID
    let isCheck: Bool
  }

  struct Program: Sendable {
    let name: String
    let directory: String?
    let playbook: String
    let step: StepID
  }

  /// A step that reads over HTTP.
  struct Reading: Sendable {
    let action: HTTPAction
    let playbook: String
    let step: StepID
  }

  /// A step that dumps a PostgreSQL database.
  struct Dump: Sendable {
    let program: String
    let connections: [String]
    let playbook: String
    let step: StepID
  }

  /// The names of connections, each once.
  private(set) var connections: [String] = []
  private(set) var statements: [Statement] = []
  private(set) var programs: [Program] = []
  private(set) var readings: [Reading] = []
  private(set) var dumps: [Dump] = []
  /// The steps of whose scripts not every program could be told.
  private(set) var unclearScripts: [(playbook: String, step: StepID)] = []
  /// The playbooks that use a connection, by its name.
  private(set) var users: [String: [String]] = [:]

  /// What is only rehearsed in the environment is not needed there.
  init(_ playbooks: [Playbook], environment: EnvironmentFile) {
    func isRehearsed(_ name: String) -> Bool {
      environment.connection(named: name)?.field("rehearse") == .literal("true")
    }
    for playbook in playbooks {
      for name in playbook.connections where !isRehearsed(name) { users[name, default: []].append(playbook.id) }
      for step in RunState(playbook: playbook).allSteps where !step.connectionNames.contains(where: isRehearsed) {
        add(step, of: playbook.id)
      }
    }
    connections = users.keys.sorted()
    statements.removeAll { isRehearsed($0.connection) }
  }

  private mutating func add(_ step: Step, of playbook: String) {
    switch step.action {
    case .sql(let action): add(action, step, playbook, changes: step.effect != .read)
    case .http(let action):
      if step.effect == .read { readings.append(Reading(action: action, playbook: playbook, step: step.id)) }
    case .command(let action):
      add(action, step, playbook)
      addDump(action.arguments.map(\.source).joined(separator: " "), step, playbook)
    case .shell(let action):
      add(action, step, playbook)
      addDump(action.script, step, playbook)
    case .monitor(let action): add(action.probe, step, playbook)
    default: break
    }
    if let check = step.verify { add(check.probe, step, playbook) }
  }

  private mutating func add(_ probe: Check.Probe, _ step: Step, _ playbook: String) {
    switch probe {
    case .sql(let action): add(action, step, playbook, changes: false, isCheck: true)
    case .command(let action): add(action, step, playbook)
    case .http, .assert: break
    }
  }

  private mutating func add(
    _ action: SQLAction, _ step: Step, _ playbook: String, changes: Bool, isCheck: Bool = false
  ) {
    let question = SQLQuestion(
      statement: action.statement, bindings: action.bind.count, changes: changes,
      isExactlyOnce: step.exactlyOnce && !isCheck)
    statements.append(
      Statement(
        connection: action.connection, question: question, playbook: playbook, step: step.id, isCheck: isCheck))
  }

  private mutating func add(_ action: CommandAction, _ step: Step, _ playbook: String) {
    guard let name = action.arguments.first?.source else { return }
    programs.append(Program(name: name, directory: action.directory, playbook: playbook, step: step.id))
  }

  private mutating func add(_ action: ShellAction, _ step: Step, _ playbook: String) {
    let script = ShellScript(action.script)
    // With a PATH of its own it finds other programs than we would.
    let hasOwnPath = action.environment.contains { $0.name == "PATH" } || action.script.contains("PATH=")
    if !script.isWhollyKnown || hasOwnPath { unclearScripts.append((playbook, step.id)) }
    if hasOwnPath { return }
    for name in script.programs {
      programs.append(Program(name: name, directory: nil, playbook: playbook, step: step.id))
    }
  }

  /// The tool may stand anywhere in a script, in a here-document too.
  private mutating func addDump(_ text: String, _ step: Step, _ playbook: String) {
    guard let match = text.firstMatch(of: /\bpg_dump(all)?\b/) else { return }
    dumps.append(
      Dump(program: String(match.output.0), connections: step.connectionNames, playbook: playbook, step: step.id))
  }
}
