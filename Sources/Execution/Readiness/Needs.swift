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

  /// The names of connections, each once.
  private(set) var connections: [String] = []
  private(set) var statements: [Statement] = []
  private(set) var programs: [Program] = []
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
    case .command(let action): add(action, step, playbook)
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
}
