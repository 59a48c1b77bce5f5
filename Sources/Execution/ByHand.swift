internal import Actions
internal import Engine
public import IncidentModel
internal import Playbooks

/// What a kill switch would do, as commands that a person can type: for the hour when neither journal nor spool can be
/// written. Secrets stay behind the names of their variables and files.
public struct ByHand: Sendable {
  private let equipment: Equipment
  private let request: RunRequest

  public init(_ equipment: Equipment, _ request: RunRequest) {
    self.equipment = equipment
    self.request = request
  }

  /// For each emergency step a heading, its commands, and how to check it.
  public func lines() async -> [String] {
    var state = RunState(playbook: request.playbook)
    state.preview(request.params, request.prerequisites, request.environment.name, at: equipment.time.read())
    let names = state.names
    let messages = MessageComposer(library: equipment.library, environment: request.environment.name)
    let preparer = StepPreparer(
      connections: equipment.connections, redactor: equipment.redactor, messages: messages, runKey: "")
    var lines: [String] = []
    for step in request.playbook.emergencySteps {
      if let condition = step.when, (try? condition.holds(in: names)) == false { continue }
      do throws(Failure) {
        let prepared = try await preparer.prepare(step, attempt: 1, run: .provisional, names: names)
        guard case .request(let action) = prepared.work else { continue }
        lines.append("# \(prepared.title)")
        lines += commands(for: action).map(equipment.redactor.redact)
      } catch { lines += ["# \(step.name?.source ?? step.id.rawValue): \(error.message)"] }
    }
    return lines
  }

  private func commands(for action: ActionRequest) -> [String] {
    switch action {
    case .sql(let request): [sql(request)]
    case .command(let request):
      switch request.program {
      case .arguments(let arguments):
        [
          (request.standardInput.map { "printf %s \($0.quotedForShell) |" }.map { [$0] } ?? []
            + variables(request) + arguments.map(\.quotedForShell)).joined(separator: " ")
        ]
      case .script(let script): variables(request) + script.split(whereSeparator: \.isNewline).map(String.init)
      }
    case .http(let request): [http(request)]
    }
  }

  private func sql(_ request: SQLRequest) -> String {
    switch request.database {
    case .sqlite(let path): return "sqlite3 \(path.quotedForShell) \(request.statement.oneLine.quotedForShell)"
    case .postgres:
      let address = reference(request.connection, "postgres")
      if request.bindings.isEmpty {
        return "psql \(address) -v ON_ERROR_STOP=1 -c \(request.statement.oneLine.quotedForShell)"
      }
      let values = request.bindings.map(\.literalForSQL).joined(separator: ", ")
      return "psql \(address) -v ON_ERROR_STOP=1 -c \("PREPARE by_hand AS \(request.statement.oneLine)".quotedForShell)"
        + " -c \("EXECUTE by_hand(\(values))".quotedForShell)"
    }
  }

  private func variables(_ request: CommandRequest) -> [String] {
    request.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.quotedForShell)" }
      + request.secretEnvironment.sorted { $0.key < $1.key }.map { "\($0.key)=\"$\($0.value.name)\"" }
  }

  private func http(_ request: HTTPRequest) -> String {
    let base =
      switch request.base {
      case .open(let url): url
      case .hidden: reference(request.connection, "webhook")
      }
    var words = ["curl -fsS -X \(request.method)"]
    if request.bearer != nil {
      words.append("-H \"Authorization: Bearer \(reference(request.connection, "bearer").unquoted)\"")
    }
    words += request.headers.map { "-H \("\($0.name): \($0.value)".quotedForShell)" }
    switch request.body {
    case .none: break
    case .json(let value):
      words += ["-H 'Content-Type: application/json'", "-d \(value.jsonText.quotedForShell)"]
    case .text(let text): words.append("-d \(text.quotedForShell)")
    }
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    words.append("\(base)\((request.path + (query.isEmpty ? "" : "?\(query)")).quotedForShell)")
    return words.joined(separator: " ")
  }

  /// Where the value of a field comes from, as a shell takes it.
  private func reference(_ connection: String, _ field: String) -> String {
    switch request.environment.connection(named: connection)?.field(field) {
    case .env(let name): "\"$\(name)\""
    case .file(let path): "\"$(cat \(path.quotedForShell))\""
    case .command(let words): "\"$(\(words.map(\.quotedForShell).joined(separator: " ")))\""
    case .literal(let text): text.quotedForShell
    case nil: "\"<\(field) of \(connection)>\""
    }
  }
}

extension Value {
  fileprivate var literalForSQL: String {
    switch self {
    case .text(let text): "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    default: displayText
    }
  }
}

extension String {
  fileprivate var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }

  fileprivate var unquoted: String { filter { $0 != "\"" } }
}
