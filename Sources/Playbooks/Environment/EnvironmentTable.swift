internal import IncidentModel
internal import Yams

/// `environments/NAME.yaml`
enum EnvironmentTable {
  static let format = Field<Int>("format", PlaybookTable.formatKind, required: true, "The version of this format: 1")
  static let environment = Field<String>("environment", .name, required: true, "The file's name without .yaml")
  static let production = Field<Bool>("production", .bool, "True: a banner is shown, and drills are refused")
  static let connections = Field<[ConnectionBinding]>(
    "connections", ConnectionTable.kind, required: true, "What each connection of the playbooks is here")
  static let anchors = Field<AnchorPlace>("anchors", AnchorTable.kind, "The table that takes heads of the journal")
  static let sandbox = Field<Value>("sandbox", .data, "The stand-in platform; docs/sandbox.md")

  static let table = ObjectTable(
    "environment", title: "an environment", "What the names of connections stand for",
    [format.info, environment.info, production.info, connections.info, anchors.info, sandbox.info])

  static func environment(_ section: Section) -> EnvironmentFile {
    _ = section[format]
    let file = EnvironmentFile(
      name: section[environment] ?? "", production: section[production] ?? false,
      connections: section[connections] ?? [], anchors: section[anchors], sandbox: section[sandbox],
      file: section.reading.file)
    checkName(file, section)
    AnchorTable.check(file, section)
    return file
  }

  private static func checkName(_ file: EnvironmentFile, _ section: Section) {
    let base = file.file.split(separator: "/").last.map(String.init) ?? file.file
    guard !file.name.isEmpty, base.hasSuffix(".yaml"), base != "\(file.name).yaml" else { return }
    section.reading.error(
      at: section.node("environment")?.place ?? section.place,
      "the environment is '\(file.name)', but the file is '\(base)'",
      hint: "write environment: \(base.dropLast(5)), or rename the file")
  }
}

/// `connections: {database: {postgres: "env:DATABASE_URL"}}`
enum ConnectionTable {
  static let kind = Kind<[(name: String, value: ConnectionBinding)]>.map(
    names: Words.name, fits: Words.isName, Kind<ConnectionBinding>(.map(reference.shape), read: binding)
  ).map { $0.map(\.value) }

  private static let fields = Kind<[(name: String, value: Reference)]>.map(
    names: Words.identifier, fits: Words.isIdentifier, reference)

  @Sendable
  private static func binding(_ input: Input, _ reading: Reading) -> ConnectionBinding? {
    guard let fields = fields.read(input, reading) else { return nil }
    let binding = ConnectionBinding(
      name: input.key, fields: fields.map { (name: $0.name, reference: $0.value) },
      location: reading.location(input.place))
    for field in fields { refuseLiteral(field.value, field.name, input, reading) }
    return binding
  }

  private static let reference = Kind<Reference>(.either([.optionalText, .list(.text), .object("command_reference")])) {
    input, reading in
    if case .mapping = input.node {
      return reading.section(input, CommandReferenceTable.table)?[CommandReferenceTable.command].map { .command($0) }
    }
    if case .scalar(let scalar) = input.node, scalar.isEmpty { return .literal("") }
    guard let text = reading.text(input)?.string else { return nil }
    if let reference = Reference(text: text) { return reference }
    reading.error(
      at: input.place, "'\(text.excerpt)' is not a reference",
      hint: "references are env:NAME, file:PATH and command:[program, argument]")
    return nil
  }

  /// Secrets only by reference. A database URL may stand there when it holds no password.
  private static func refuseLiteral(_ reference: Reference, _ field: String, _ input: Input, _ reading: Reading) {
    guard case .literal(let text) = reference, !text.isEmpty else { return }
    let isURL = field == "postgres"
    let exposed = isURL ? SecretText.holdsPassword(text) : ConnectionBinding.isSecretName(field)
    guard exposed || SecretText.find(in: text, asValue: false) != nil else { return }
    let place = reading.value(of: field, in: input)?.place ?? input.place
    reading.error(
      at: place, "'\(field)' is a secret and may not stand in a file",
      hint: "keep it outside and refer to it: \(field): \"env:\(input.key.uppercased())_\(field.uppercased())\"")
  }
}

/// `{command: [pass, show, x]}`
enum CommandReferenceTable {
  static let command = Field<[String]>(
    "command", .list(.literal, least: 1), required: true, "A program that prints the value, and its arguments")
  static let table = ObjectTable(
    "command_reference", title: "a reference", "The value is what a program prints", [command.info])
}

extension Reading {
  /// The node under a key, if the input is a map.
  func value(of key: String, in input: Input) -> Node? {
    guard case .mapping(let mapping) = input.node else { return nil }
    return mapping.first { $0.key.scalar?.string == key }?.value
  }
}
