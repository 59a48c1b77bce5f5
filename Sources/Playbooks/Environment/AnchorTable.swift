internal import IncidentModel

/// `anchors: {connection: database, table: andon_anchors}`
enum AnchorTable {
  static let connection = Field<String>("connection", .name, required: true, "A connection with 'postgres' or 'sqlite'")
  static let name = Field<String>(
    "table", tableName, required: true, "The table; docs/anchors.md tells how it is made")

  static let kind: Kind<AnchorPlace> = Kind(.object("anchors")) { input, reading in
    guard let section = reading.section(input, AnchorTable.table), let connection = section[connection],
      let name = section[name]
    else { return nil }
    return AnchorPlace(connection: connection, table: name)
  }

  static let table = ObjectTable(
    "anchors", title: "'anchors'", "The table that takes heads of the journal", [connection.info, name.info])

  /// A name that stands in a statement as it is, so nothing else may stand there.
  private static let tableName = Kind<String>(.word("^[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?$")) { input, reading in
    reading.word(input, "a table's name, such as andon_anchors or audit.andon_anchors") { text in
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      return (1...2).contains(parts.count)
        && parts.allSatisfy { part in
          Words.isIdentifier(String(part)) && part.utf8.allSatisfy { !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) }
        }
    }
  }

  static func check(_ file: EnvironmentFile, _ section: Section) {
    guard let name = file.anchors?.connection else { return }
    let binding = file.connection(named: name)
    if binding?.field("postgres") != nil || binding?.field("sqlite") != nil { return }
    let databases = file.connections.filter { $0.field("postgres") != nil || $0.field("sqlite") != nil }.map(\.name)
    section.reading.error(
      at: section.node("anchors")?.place ?? section.place,
      binding == nil ? "no connection is named '\(name)' here" : "connection '\(name)' is no database",
      hint: databases.isEmpty ? "add one with 'postgres'" : "there are: \(databases.joined(separator: ", "))")
  }
}
