internal import Crypto
internal import Foundation
internal import IncidentModel
internal import Playbooks

/// Resolves the templates and connections of a step into a request that leaves nothing to look up.
struct RequestBuilder {
  let connections: ConnectionBook
  let names: Names

  func sql(
    _ action: SQLAction, readOnly: Bool, timeLimit: Duration?, exactlyOnceKey: String? = nil
  ) async throws(Failure) -> SQLRequest {
    let database = try await connections.database(action.connection)
    let scope = try await scope(for: action.bind.flatMap(\.expressions))
    var bindings: [Value] = []
    for (index, template) in action.bind.enumerated() {
      let value = try evaluating("bind item \(index + 1)") { () throws(EvaluationError) in
        try template.value(in: scope)
      }
      if case .absent = value {
        throw Failure(
          .badValue, "bind item \(index + 1), '\(template.source)', has no value here",
          advice: "The step it names did not run. Use default(…) if it may be missing.")
      }
      bindings.append(value)
    }
    return SQLRequest(
      database: database, connection: action.connection, statement: action.statement, bindings: bindings,
      readOnly: readOnly, expectedRows: action.rows, timeLimit: timeLimit ?? .seconds(30),
      lockLimit: action.lockTimeout ?? .seconds(2), exactlyOnceKey: exactlyOnceKey)
  }

  func http(_ action: HTTPAction, timeLimit: Duration?) async throws(Failure) -> HTTPRequest {
    let (base, bearer) = try await connections.http(action.connection)
    let authority = try await connections.certificateAuthority(action.connection)
    var expressions = action.path.expressions
    expressions += (action.query + action.headers).flatMap(\.value.expressions)
    expressions += action.body?.expressions ?? []
    let scope = try await scope(for: expressions)
    var query: [(name: String, value: String)] = []
    for item in action.query { query.append((item.name, try text(item.value, "query '\(item.name)'", scope))) }
    var headers: [(name: String, value: String)] = []
    for item in action.headers { headers.append((item.name, try text(item.value, "header '\(item.name)'", scope))) }
    return HTTPRequest(
      connection: action.connection, base: base, bearer: bearer, method: action.method.rawValue.uppercased(),
      path: try path(action.path, scope), query: query, headers: headers, body: try body(action.body, scope),
      acceptedStatuses: action.status, followsRedirects: action.follow, timeLimit: timeLimit ?? .seconds(10),
      certificateAuthority: authority)
  }

  func command(_ action: CommandAction, timeLimit: Duration?) async throws(Failure) -> CommandRequest {
    var expressions = action.arguments.flatMap(\.expressions) + action.environment.flatMap(\.value.expressions)
    expressions += action.standardInput?.expressions ?? []
    let scope = try await scope(for: expressions)
    var arguments: [String] = []
    for (index, template) in action.arguments.enumerated() {
      arguments.append(try argument(template, index, scope))
    }
    return CommandRequest(
      program: .arguments(arguments), environment: try environment(action.environment, scope),
      directory: action.directory,
      standardInput: try action.standardInput.map { template throws(Failure) in try text(template, "stdin", scope) },
      acceptedExits: action.exits, timeLimit: timeLimit ?? action.timeout ?? .seconds(60))
  }

  func shell(_ action: ShellAction, timeLimit: Duration?) async throws(Failure) -> CommandRequest {
    let scope = try await scope(for: action.environment.flatMap(\.value.expressions))
    return CommandRequest(
      program: .script(action.script), environment: try environment(action.environment, scope),
      acceptedExits: action.exits, timeLimit: timeLimit ?? .seconds(60))
  }

  /// The names, with the fields of every connection that the expressions read.
  func scope(for expressions: [Playbooks.Expression]) async throws(Failure) -> Names {
    let values = try await connections.values(for: expressions.flatMap(\.references))
    return values.isEmpty ? names : names.adding(["connections": .map(values)])
  }

  func text(_ template: Template, _ place: String, _ scope: Names) throws(Failure) -> String {
    try evaluating(place) { () throws(EvaluationError) in try template.text(in: scope) }
  }

  /// An address for a person to open; every value in it is percent-encoded.
  func link(_ template: Template, _ scope: Names) throws(Failure) -> String {
    try evaluating("link") { () throws(EvaluationError) in
      try template.text(in: scope) { $0.addingPercentEncoding(withAllowedCharacters: .pathSegment) ?? "" }
    }
  }

  private func environment(
    _ items: [(name: String, value: Template)], _ scope: Names
  ) throws(Failure) -> [String: String] {
    var environment: [String: String] = [:]
    for item in items { environment[item.name] = try text(item.value, "env '\(item.name)'", scope) }
    return environment
  }

  /// A value that becomes an argument must not turn into an option or a file name: `-rf`, `@/etc/passwd`.
  private func argument(_ template: Template, _ index: Int, _ scope: Names) throws(Failure) -> String {
    let text = try text(template, "argument \(index + 1)", scope)
    // By bytes, as programs read it: to Swift, a dash with an accent on it is no dash.
    if case .expression? = template.segments.first, let first = text.unicodeScalars.first,
      "-@".unicodeScalars.contains(first)
    {
      throw Failure(
        .badValue, "argument \(index + 1) would begin with '\(first)' and be read as an option or a file",
        advice: "Correct the value of '\(template.source)', or pass it through env.")
    }
    try refuseFileName(template, index, scope)
    return text
  }

  /// `--form file=@/etc/passwd`: behind a `=` many programs take what follows `@` for the name of a file.
  private func refuseFileName(_ template: Template, _ index: Int, _ scope: Names) throws(Failure) {
    for (before, segment) in zip(template.segments, template.segments.dropFirst()) {
      guard case .literal(let literal) = before, literal.utf8.last == UInt8(ascii: "="),
        case .expression(let expression) = segment
      else { continue }
      let value = try text(Template(source: expression.source, segments: [segment]), "argument \(index + 1)", scope)
      guard value.utf8.first == UInt8(ascii: "@") else { continue }
      throw Failure(
        .badValue, "argument \(index + 1) would hold '=@', and what follows be read as the name of a file",
        advice: "Correct the value of '\(template.source)', or pass it through env.")
    }
  }

  /// Values are percent-encoded, so that they cannot leave their place in the path; what the environment file
  /// says about its own connections stands as it is.
  private func path(_ template: Template, _ scope: Names) throws(Failure) -> String {
    var path = ""
    for segment in template.segments {
      switch segment {
      case .literal(let literal): path += literal
      case .expression(let expression):
        let text = try text(Template(source: expression.source, segments: [segment]), "path", scope)
        let trusted = expression.references.allSatisfy { $0.first == "connections" }
        path += trusted ? text : text.addingPercentEncoding(withAllowedCharacters: .pathSegment) ?? ""
      }
    }
    guard path.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f }) else {
      throw Failure(.badValue, "the path '\(path)' holds a space or a control character", advice: "Correct the path.")
    }
    return path
  }

  private func body(_ body: HTTPAction.Body?, _ scope: Names) throws(Failure) -> HTTPRequest.Body {
    switch body {
    case nil: .none
    case .json(let template):
      .json(try evaluating("json") { () throws(EvaluationError) in try template.value(in: scope) })
    case .text(let template): .text(try text(template, "body", scope))
    }
  }

  private func evaluating<Result>(
    _ place: String, _ body: () throws(EvaluationError) -> Result
  ) throws(Failure) -> Result {
    do { return try body() } catch {
      throw Failure(
        .badValue, "\(place): \(error.message)", advice: "Check the names in '\(error.expression)' and what they hold.")
    }
  }
}

extension CharacterSet {
  /// RFC 3986 `unreserved`: what needs no encoding anywhere in a path.
  fileprivate static let pathSegment = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

extension HTTPAction.Body {
  fileprivate var expressions: [Playbooks.Expression] {
    switch self {
    case .json(let template): template.expressions
    case .text(let template): template.expressions
    }
  }
}
