public import IncidentModel

/// What the names of connections stand for in one place: `environments/production.yaml`.
public struct EnvironmentFile: Sendable {
  public var name: String
  /// Shows a banner, and refuses drills.
  public var production: Bool
  /// In the order of the file.
  public var connections: [ConnectionBinding]
  /// Where heads of the journal are noted, so that a rewritten one stands out.
  public var anchors: AnchorPlace?
  /// What stands under `sandbox:`, with unquoted true, false, null and JSON numbers as such.
  public var sandbox: Value?
  /// The path it was read from.
  public var file: String

  public init(
    name: String, production: Bool, connections: [ConnectionBinding], anchors: AnchorPlace? = nil,
    sandbox: Value? = nil, file: String
  ) {
    self.name = name
    self.production = production
    self.connections = connections
    self.anchors = anchors
    self.sandbox = sandbox
    self.file = file
  }

  public func connection(named name: String) -> ConnectionBinding? { connections.first { $0.name == name } }
}

/// A table of a database that takes heads of the journal and gives none back.
public struct AnchorPlace: Sendable, Hashable {
  /// The name of a connection with `postgres` or `sqlite`.
  public var connection: String
  /// `andon_anchors` or `schema.andon_anchors`; nothing that would have to be quoted.
  public var table: String

  public init(connection: String, table: String) {
    self.connection = connection
    self.table = table
  }
}

/// One connection: how to reach it, and with what.
public struct ConnectionBinding: Sendable {
  public var name: String
  /// In the order of the file.
  public var fields: [(name: String, reference: Reference)]
  public var location: SourceLocation

  public init(name: String, fields: [(name: String, reference: Reference)], location: SourceLocation) {
    self.name = name
    self.fields = fields
    self.location = location
  }

  public func field(_ name: String) -> Reference? { fields.first { $0.name == name }?.reference }

  /// True when the value may not be seen: by the name of the field, or because a file or a program gives it.
  public func isSecret(_ field: String) -> Bool {
    switch self.field(field) {
    case .file, .command: true
    default: Self.isSecretName(field)
    }
  }

  /// What such a field holds is a secret, whatever it refers to.
  public static func isSecretName(_ field: String) -> Bool {
    secretNames.contains(field) || secretEndings.contains(where: field.hasSuffix)
  }

  private static let secretNames: Set<String> = [
    "postgres", "webhook", "bearer", "password", "token", "secret", "private_key", "api_key", "mnemonic",
  ]
  private static let secretEndings = ["_password", "_token", "_secret", "_key"]
}
