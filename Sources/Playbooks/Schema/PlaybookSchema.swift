/// JSON Schemas (draft-07) for editors, written from the tables that the loader reads by.
///
/// They accept every file that the loader accepts; the loader finds more.
public enum PlaybookSchema {
  /// A kind of file.
  public enum File: String, Sendable, CaseIterable {
    case playbook, environment, severity, contacts, monitors
  }

  /// The schema of a playbook. The same bytes every time.
  public static func json() -> String { json(for: .playbook) }

  public static func json(for file: File) -> String {
    let root = root(of: file)
    let definitions = reachable(from: root).map { (key: $0.name, value: schema(of: $0)) }
    return OrderedJSON.object(
      [
        ("$schema", .text("http://json-schema.org/draft-07/schema#")),
        ("title", .text("Andon \(file.rawValue), format 1")),
      ] + members(of: root) + [("definitions", .object(definitions))]
    ).written() + "\n"
  }

  /// The tables of every object.
  static let tables: [ObjectTable] = [
    PlaybookTable.table, ReviewTable.table, KillSwitchTable.table, PrerequisiteTable.table, ParameterTable.table,
    ScheduleTable.table, DrillTable.table, HandlersTable.table, StepTable.table, SQLTable.table,
    RowsTable.expectationTable, RowsTable.table, HTTPTable.table, CommandTable.table, ShellTable.table,
    ManualTable.table, AnswerTable.table,
    NotifyTable.table, WaitTable.table, MonitorTable.table, AssertTable.table, SubPlaybookTable.table,
    IncidentTable.table, FollowUpTable.table, BranchTable.table, CheckTable.table, RetryTable.table,
    UndoTable.table, EnvironmentTable.table, AnchorTable.table, CommandReferenceTable.table, SeverityTable.table,
    SeveritiesTable.table, SeverityLevelTable.table, ContactsTable.table, ContactTable.table, MonitorsTable.table,
    MonitorCheckTable.table,
  ]

  private static func root(of file: File) -> ObjectTable {
    switch file {
    case .playbook: PlaybookTable.table
    case .environment: EnvironmentTable.table
    case .severity: SeverityTable.table
    case .contacts: ContactsTable.table
    case .monitors: MonitorsTable.table
    }
  }

  /// Every object that can stand in a file below its root, in the order of `tables`.
  private static func reachable(from root: ObjectTable) -> [ObjectTable] {
    var names: Set<String> = []
    var open = [root]
    while let table = open.popLast() {
      for name in table.fields.flatMap(\.shape.objects) where names.insert(name).inserted {
        open += tables.filter { $0.name == name }
      }
    }
    return tables.filter { names.contains($0.name) }
  }

  private static func schema(of table: ObjectTable) -> OrderedJSON { .object(members(of: table)) }

  private static func members(of table: ObjectTable) -> [(key: String, value: OrderedJSON)] {
    var members: [(key: String, value: OrderedJSON)] = [
      ("description", .text(table.doc)), ("type", .text("object")),
      ("properties", .object(table.fields.map { (key: $0.key, value: schema(of: $0)) })),
      // Keys that begin with x- are free.
      ("patternProperties", .object([("^x-", .object([]))])), ("additionalProperties", .bool(false)),
    ]
    let required = table.fields.filter(\.required).map(\.key)
    if !required.isEmpty { members.append(("required", .texts(required))) }
    let choices = table.exactlyOne.map { OrderedJSON.object([("oneOf", .array($0.keys.map(requires)))]) }
    let exclusions = table.atMostOne.map { keys in
      OrderedJSON.object([("not", .object([("required", .texts(keys))]))])
    }
    if !(choices + exclusions).isEmpty { members.append(("allOf", .array(choices + exclusions))) }
    return members
  }

  private static func requires(_ key: String) -> OrderedJSON { .object([("required", .texts([key]))]) }

  private static func schema(of field: FieldInfo) -> OrderedJSON {
    // Beside a $ref a description is not read.
    if case .object = field.shape {
      return .object([("description", .text(field.doc)), ("allOf", .array([field.shape.schema]))])
    }
    guard case .object(let members) = field.shape.schema else { return field.shape.schema }
    return .object([("description", .text(field.doc))] + members)
  }
}

extension Shape {
  /// The names of the objects that it speaks of.
  fileprivate var objects: [String] {
    switch self {
    case .object(let name): [name]
    case .list(let item), .oneOrMany(let item), .map(let item): item.objects
    case .either(let shapes): shapes.flatMap(\.objects)
    default: []
    }
  }

  /// Editors read YAML by its own rules, where an unquoted text may be a number or a boolean.
  fileprivate var schema: OrderedJSON {
    switch self {
    case .text: .object([("type", .texts(["string", "number", "boolean"]))])
    case .optionalText: .object([("type", .texts(["string", "number", "boolean", "null"]))])
    case .pattern(let pattern): .object([("type", .text("string")), ("pattern", .text(pattern))])
    case .word(let pattern): .object([("type", .texts(["string", "number"])), ("pattern", .text(pattern))])
    case .integer(let least): .object([("type", .text("integer"))] + Shape.minimum(least))
    case .number(let least): .object([("type", .text("number"))] + Shape.minimum(least))
    case .bool: .object([("type", .text("boolean"))])
    case .choice(let words): .object([("enum", .texts(words))])
    case .list(let item): .object([("type", .text("array")), ("items", item.schema)])
    case .oneOrMany(let item): Shape.either([item, .list(item)]).schema
    case .map(let item): .object([("type", .text("object")), ("additionalProperties", item.schema)])
    case .object(let name): .object([("$ref", .text("#/definitions/\(name)"))])
    case .either(let shapes): .object([("anyOf", .array(shapes.map(\.schema)))])
    case .null: .object([("type", .text("null"))])
    case .anything: .object([])
    }
  }

  private static func minimum(_ least: Int?) -> [(key: String, value: OrderedJSON)] {
    least.map { [("minimum", .integer($0))] } ?? []
  }
}
