internal import IncidentModel

/// `severity.yaml`
enum SeverityTable {
  static let format = Field<Int>("format", PlaybookTable.formatKind, required: true, "The version of this format: 1")
  static let severities = Field<[SeverityLevel]>("severities", levels, required: true, "P0 to P3")
  static let table = ObjectTable(
    "severity", title: "a severity scale", "How bad is it?", [format.info, severities.info])

  static func scale(_ section: Section) -> SeverityScale {
    _ = section[format]
    return SeverityScale(levels: (section[severities] ?? []).sorted { $0.severity < $1.severity })
  }

  /// An object whose keys are the severities themselves.
  private static let levels = Kind<[SeverityLevel]>(.object("severities")) { input, reading in
    guard let section = reading.section(input, SeveritiesTable.table) else { return nil }
    return zip(Severity.allCases, SeveritiesTable.fields).compactMap { severity, field in
      section[field].map { level in
        var level = level
        level.severity = severity
        return level
      }
    }
  }
}

enum SeveritiesTable {
  static let fields = Severity.allCases.map {
    Field<SeverityLevel>(
      $0.rawValue, SeverityLevelTable.kind, required: true, "What makes an incident a \($0.rawValue)")
  }
  static let table = ObjectTable("severities", title: "the scale", "P0 to P3", fields.map(\.info))
}

/// `P0: {name: Critical, criteria: […]}`
enum SeverityLevelTable {
  static let name = Field<String>("name", .plainText, required: true, "Such as Critical")
  static let criteria = Field<[String]>(
    "criteria", .list(.plainText, least: 1), required: true, "One that holds is enough")
  static let windows = Field<[SeverityLevel.Window]>("windows", windowsKind, "Response times")
  static let notify = Field<[String]>("notify", .list(.plainText), "Whom to tell: ids of contacts.yaml")
  static let playbooks = Field<[String]>("playbooks", .list(.slug), "Ids of playbooks that may help")

  static let table = ObjectTable(
    "severity_level", title: "a severity", "One of P0 to P3",
    [name.info, criteria.info, windows.info, notify.info, playbooks.info])

  static let kind = Kind<SeverityLevel>.object(table, named: "severity_level") { section in
    let (name, criteria, windows) = (section[name], section[criteria] ?? [], section[windows] ?? [])
    return SeverityLevel(
      severity: .p3, name: name ?? "", criteria: criteria, windows: windows, notify: section[notify] ?? [],
      suggest: section[playbooks] ?? [])
  }

  private static let windowsKind = Kind<[(name: String, value: Duration)]>.map(
    names: Words.name, fits: Words.isName, .duration
  ).map { $0.map { SeverityLevel.Window(name: $0.name, length: $0.value) } }
}
