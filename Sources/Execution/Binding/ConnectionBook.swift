public import Actions
internal import Foundation
public import IncidentModel
public import Playbooks
import Synchronization

/// The connections of one environment. Each is resolved when the first step that needs it is prepared, so a
/// missing variable fails that step and no other.
public final class ConnectionBook: Sendable {
  private let environment: EnvironmentFile
  private let variables: [String: String]
  private let redactor: Redactor
  private let resolved = Mutex<[String: String]>([:])
  private let cautions = Mutex<[String]>([])

  /// - Parameter variables: the environment variables that `env:` references read.
  public init(environment: EnvironmentFile, variables: [String: String], redactor: Redactor) {
    self.environment = environment
    self.variables = variables
    self.redactor = redactor
  }

  /// What the owner should know about the secrets used so far: `…/password is readable by others`.
  public var warnings: [String] { cautions.withLock { $0 } }

  /// Makes every secret of the environment known to the redactor that can be had without running a program: what is
  /// missing or unreadable fails the step that needs it, later. Text from anywhere may hold a secret that no step has
  /// asked for yet.
  public func hideWhatIsAtHand() {
    for binding in environment.connections {
      for (field, reference) in binding.fields {
        guard let value = Self.atHand(reference, variables) else { continue }
        hide(value, of: field, in: binding)
      }
    }
  }

  private static func atHand(_ reference: Reference, _ variables: [String: String]) -> String? {
    switch reference {
    case .literal(let text): text
    case .env(let name): variables[name]?.trimmingCharacters(in: .newlines)
    case .file(let path): try? SecretFile(path: path).read()
    case .command: nil
    }
  }

  /// True when steps that use the connection are shown and not run.
  public func isRehearsed(_ name: String) -> Bool {
    if case .literal("true")? = environment.connection(named: name)?.field("rehearse") { true } else { false }
  }

  public func database(_ name: String) async throws(Failure) -> SQLRequest.Database {
    let binding = try binding(name)
    if binding.field("sqlite") != nil { return .sqlite(path: try await text(of: "sqlite", in: binding)) }
    let authority = binding.field("ca") == nil ? nil : try await text(of: "ca", in: binding)
    return .postgres(url: try await secret("postgres", in: binding, kind: .url), certificateAuthority: authority)
  }

  public func http(_ name: String) async throws(Failure) -> (base: HTTPRequest.Base, bearer: Secret?) {
    let binding = try binding(name)
    let bearer = binding.field("bearer") == nil ? nil : try await secret("bearer", in: binding, kind: .plain)
    if binding.field("webhook") != nil {
      return (.hidden(try await secret("webhook", in: binding, kind: .url)), bearer)
    }
    let url = try await text(of: "http", in: binding)
    // A user name or password in the address makes all of it a secret.
    if url.contains("@") {
      let hidden = Secret(name: sourceName("http", in: binding), kind: .url, value: url)
      redactor.register(hidden)
      return (.hidden(hidden), bearer)
    }
    return (.open(url), bearer)
  }

  /// The file of authorities to trust at an HTTP address; `nil`: those of the system.
  public func certificateAuthority(_ name: String) async throws(Failure) -> String? {
    let binding = try binding(name)
    return binding.field("ca") == nil ? nil : try await text(of: "ca", in: binding)
  }

  public func webhook(_ name: String) async throws(Failure) -> Secret {
    try await secret("webhook", in: binding(name), kind: .url)
  }

  /// The values of every `connections.NAME.FIELD` among the references, for templates and expressions.
  public func values(for references: [[String]]) async throws(Failure) -> [String: Value] {
    var values: [String: [String: Value]] = [:]
    for reference in references where reference.count >= 3 && reference[0] == "connections" {
      let binding = try binding(reference[1])
      let text = try await text(of: reference[2], in: binding)
      values[reference[1], default: [:]][reference[2]] = .text(text)
    }
    return values.mapValues(Value.map)
  }

  private func binding(_ name: String) throws(Failure) -> ConnectionBinding {
    guard let binding = environment.connection(named: name) else {
      throw Failure(
        .notConfigured, "environment '\(environment.name)' binds no connection '\(name)'",
        advice: "Add it under 'connections' in \(environment.file).")
    }
    return binding
  }

  private func secret(_ field: String, in binding: ConnectionBinding, kind: Secret.Kind) async throws(Failure) -> Secret
  {
    Secret(name: sourceName(field, in: binding), kind: kind, value: try await text(of: field, in: binding))
  }

  /// The value of a field; secrets are made known to the redactor before anybody else sees them.
  private func text(of field: String, in binding: ConnectionBinding) async throws(Failure) -> String {
    let key = "\(binding.name).\(field)"
    if let known = resolved.withLock({ $0[key] }) { return known }
    guard let reference = binding.field(field) else {
      if let part = try await databasePart(field, of: binding) { return part }
      throw Failure(
        .notConfigured, "connection '\(binding.name)' of environment '\(environment.name)' has no '\(field)'",
        advice: "Add it in \(environment.file).")
    }
    let value = try await resolve(reference, for: key)
    hide(value, of: field, in: binding)
    if field == "password_file", let caution = SecretFile(path: value).caution {
      // A kill switch does not stop because the file's permissions are loose, but it says so.
      cautions.withLock { $0.append(caution) }
    }
    resolved.withLock { $0[key] = value }
    return value
  }

  private func hide(_ value: String, of field: String, in binding: ConnectionBinding) {
    if value.isEmpty { return }
    if binding.isSecret(field) || Self.carriesSecrets(value) {
      let kind: Secret.Kind = value.contains("://") ? .url : .plain
      redactor.register(Secret(name: sourceName(field, in: binding), kind: kind, value: value))
    }
    // The tool reads this file, not Andon; its contents are hidden wherever they show up all the same.
    if field == "password_file", let contents = SecretFile(path: value).plainContents {
      redactor.register(Secret(name: "contents of \(value)", value: contents))
    }
  }

  /// `${connections.database.host}`, taken from the connection's URL. `nil` if it has no URL or there is no such part.
  private func databasePart(_ field: String, of binding: ConnectionBinding) async throws(Failure) -> String? {
    guard PostgresParts.names.contains(field), binding.field("postgres") != nil else { return nil }
    let url = try await text(of: "postgres", in: binding)
    let authority = binding.field("ca") == nil ? nil : try await text(of: "ca", in: binding)
    guard let part = PostgresParts.part(field, ofURL: url, certificateAuthority: authority) else {
      throw Failure(
        .notConfigured, "'postgres' of connection '\(binding.name)' is not a connection URL, so it has no '\(field)'",
        advice: "Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE.")
    }
    if field == "password", !part.isEmpty {
      redactor.register(Secret(name: sourceName("postgres", in: binding), value: part))
    }
    return part
  }

  /// A user, a query or a long part of the path make an address a secret: `https://node.example/v2/KEY`.
  private static func carriesSecrets(_ value: String) -> Bool {
    guard value.contains("://"), let url = URLComponents(string: value) else { return false }
    return url.user != nil || url.query != nil || url.path.split(separator: "/").contains { $0.count >= 16 }
  }

  private func resolve(_ reference: Reference, for key: String) async throws(Failure) -> String {
    switch reference {
    case .literal(let text): return text
    case .env(let name):
      // A line break at the end comes with `$(cat file)` and belongs to nobody's secret.
      guard let value = variables[name]?.trimmingCharacters(in: .newlines), !value.isEmpty else {
        throw Failure(
          .notConfigured,
          "\(name) is not set, and connection '\(key)' of environment '\(environment.name)' needs it",
          advice: "Set it (export \(name)=…), or bind the connection differently in \(environment.file).")
      }
      return value
    case .file(let path): return try SecretFile(path: path).read()
    case .command(let arguments): return try await SecretCommand(arguments: arguments).read()
    }
  }

  private func sourceName(_ field: String, in binding: ConnectionBinding) -> String {
    switch binding.field(field) {
    case .env(let name)?: name
    default: "\(binding.name).\(field)"
    }
  }
}
