internal import Actions
import IncidentModel
import Playbooks

/// Turns a step into a `PreparedStep`: looks up, resolves, refuses. Touches nothing.
struct StepPreparer: Sendable {
  let connections: ConnectionBook
  let redactor: Redactor
  let messages: MessageComposer
  /// Makes idempotency keys unique to the run.
  let runKey: String

  func prepare(_ step: Step, attempt: Int, run: RunID, names: Names) async throws(Failure) -> PreparedStep {
    let builder = RequestBuilder(connections: connections, names: names)
    let title = try await title(of: step, builder)
    let key = String(digest(of: [runKey, step.id.rawValue]).prefix(32))
    let mark = AttemptMark(run: run, step: step.id, attempt: attempt, idempotencyKey: key)
    func prepared(_ work: PreparedStep.Work, _ preview: [String]) -> PreparedStep {
      PreparedStep(
        step: step, attempt: attempt, title: title, mark: mark, work: work, preview: preview.map(redactor.redact),
        names: names)
    }
    if let rehearsed = step.connectionNames.first(where: connections.isRehearsed) {
      return prepared(.rehearsal, ["rehearsed, not run: nothing stands in for '\(rehearsed)'"] + step.sourceLines)
    }
    switch step.action {
    case .sql, .http, .command, .shell:
      let request = try await request(for: step, builder, key: key)
      return prepared(.request(request), request.preview)
    case .wait(let duration): return prepared(.wait(duration), ["wait \(duration.playbookText)"])
    case .assert(let action): return prepared(.assert(action), ["assert \(action.that.source)"])
    case .set(let assignments):
      return prepared(.set(assignments), assignments.map { "\($0.name) = \($0.expression.source)" })
    case .monitor(let action):
      let scope = try await builder.scope(for: action.length.expressions)
      let length = try duration(action.length, scope)
      let lines = try await preview(of: action.probe, builder)
      return prepared(
        .monitor(action, length: length),
        ["every \(action.every.playbookText) for \(length.playbookText):"] + lines
          + (action.failWhen.map { ["ends early when \($0.source)"] } ?? []))
    case .notify(let action):
      let url: Result<Secret, Failure>
      do { url = .success(try await connections.webhook(action.connection)) } catch { url = .failure(error) }
      var message = try messages.compose(action, id: "\(run)/\(step.id)", names: names)
      // It goes to people and is kept by somebody else; what failed may have said a secret.
      message.text = redactor.redact(message.text)
      return prepared(.notify(message, to: url), ["to \(action.connection):"] + message.text.lines)
    case .playbook(let child):
      let scope = try await builder.scope(for: child.with.map(\.expression))
      var params: [String: Value] = [:]
      for assignment in child.with {
        params[assignment.name] = try value(of: assignment, scope)
      }
      return prepared(
        .child(child, params: params),
        ["run playbook \(child.id)"] + params.map { "\($0) = \($1.displayText)" }.sorted())
    case .incident(let action) where !action.isQuestion:
      let (note, line) = try await incidentNote(action, builder)
      return prepared(.record(note), [line])
    case .incident, .manual, .parallel, .branch:
      throw Failure(.badValue, "'\(step.action.keyword)' is not something the engine does by itself")
    }
  }

  func request(for step: Step, _ builder: RequestBuilder, key: String) async throws(Failure) -> ActionRequest {
    switch step.action {
    case .sql(let action):
      .sql(
        try await builder.sql(
          action, readOnly: step.effect == .read, timeLimit: step.timeout,
          exactlyOnceKey: step.exactlyOnce ? key : nil))
    case .http(let action): .http(try await builder.http(action, timeLimit: step.timeout))
    case .command(let action): .command(try await builder.command(action, timeLimit: step.timeout))
    case .shell(let action): .command(try await builder.shell(action, timeLimit: step.timeout))
    default: throw Failure(.badValue, "'\(step.action.keyword)' makes no request")
    }
  }

  func title(of step: Step, _ builder: RequestBuilder) async throws(Failure) -> String {
    guard let name = step.name else { return step.id.rawValue }
    if name.isLiteral { return name.source }
    return try builder.text(name, "name", try await builder.scope(for: name.expressions))
  }

  private func preview(of probe: Check.Probe, _ builder: RequestBuilder) async throws(Failure) -> [String] {
    switch probe {
    case .sql(let action): try await ActionRequest.sql(builder.sql(action, readOnly: true, timeLimit: nil)).preview
    case .http(let action): try await ActionRequest.http(builder.http(action, timeLimit: nil)).preview
    case .command(let action): try await ActionRequest.command(builder.command(action, timeLimit: nil)).preview
    case .assert(let action): [action.that.source]
    }
  }

  private func duration(_ template: Template, _ scope: Names) throws(Failure) -> Duration {
    let value: Value
    do { value = try template.value(in: scope) } catch { throw Failure(.badValue, "for: \(error.message)") }
    switch value {
    case .duration(let duration): return duration
    case .text(let text):
      if let duration = Duration(playbookText: text) { return duration }
    default: break
    }
    throw Failure(
      .badValue, "for: '\(template.source)' is \(value.kind), not a duration", advice: "Give it as 30m, 90s or 2h.")
  }

  private func value(of assignment: Assignment, _ scope: Names) throws(Failure) -> Value {
    do { return try assignment.expression.evaluate(in: scope) } catch {
      throw Failure(.badValue, "\(assignment.name): \(error.message)")
    }
  }
}

extension Step {
  /// Every connection that its action names, or reads a field of.
  var connectionNames: [String] {
    let named: [String] =
      switch action {
      case .sql(let action): [action.connection]
      case .http(let action): [action.connection]
      case .notify(let action): [action.connection]
      case .monitor(let action): action.probe.connectionNames
      default: []
      }
    return named + expressions.flatMap(\.references).filter { $0.first == "connections" && $0.count > 1 }.map { $0[1] }
  }

  private var expressions: [Playbooks.Expression] {
    switch action {
    case .command(let action):
      action.arguments.flatMap(\.expressions) + action.environment.flatMap(\.value.expressions)
    case .shell(let action): action.environment.flatMap(\.value.expressions)
    case .monitor(let action): action.probe.commandExpressions
    default: []
    }
  }

  /// The action as the file has it, for a rehearsal that has nothing to resolve it with.
  fileprivate var sourceLines: [String] {
    switch action {
    case .command(let action): [action.arguments.map(\.source).joined(separator: " ")]
    case .shell(let action): action.script.lines
    case .sql(let action): action.statement.lines
    case .http(let action): ["\(action.method.rawValue.uppercased()) \(action.path.source)"]
    case .notify(let action): ["to \(action.connection): \(action.template)"]
    default: []
    }
  }
}

extension Check.Probe {
  fileprivate var connectionNames: [String] {
    switch self {
    case .sql(let action): [action.connection]
    case .http(let action): [action.connection]
    case .command, .assert: []
    }
  }

  fileprivate var commandExpressions: [Playbooks.Expression] {
    guard case .command(let action) = self else { return [] }
    return action.arguments.flatMap(\.expressions) + action.environment.flatMap(\.value.expressions)
  }
}

extension String {
  var lines: [String] { split(whereSeparator: \.isNewline).map(String.init) }
}
