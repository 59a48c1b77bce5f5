internal import IncidentModel

/// `monitors.yaml`
enum MonitorsTable {
  static let format = Field<Int>("format", PlaybookTable.formatKind, required: true, "The version of this format: 1")
  static let announce = Field<String>(
    "announce", .name, "The webhook connection that is told before an armed playbook starts by itself")
  static let monitors = Field<[Monitor]>(
    "monitors", .list(MonitorCheckTable.kind), required: true, "What is looked at again and again")

  static let table = ObjectTable(
    "monitors", title: "a list of monitors", "The alert checks", [format.info, announce.info, monitors.info])

  /// - Parameter library: where the environments and playbooks are that monitors name.
  static func file(_ section: Section, library: PlaybookLibrary) -> MonitorFile {
    _ = section[format]
    let file = MonitorFile(monitors: section[monitors] ?? [], announce: section[announce])
    MonitorRules(library: library, reading: section.reading).check(file)
    return file
  }
}

/// `{id: high-risk-orders, name: …, sql: …, every: 1m, breach: …, severity: P1}`
enum MonitorCheckTable {
  static let id = Field<String>("id", .slug, required: true, "Its name in the journal and in 'andon monitor --only'")
  static let name = Field<String>("name", .plainText, required: true, "What an incident that it opens is called")
  static let every = Field<Duration>("every", .duration, required: true, "From one look to the next")
  static let samples = Field<Int>("samples", .integer(1), "How many probes make one reading; 1 without it")
  static let measure = Field<Expression>(
    "measure", .expression, "A number of each sample; their mean is 'average' in 'breach'")
  static let breach = Field<Expression>("breach", .expression, required: true, "Something is wrong when it holds")
  static let onNull = Field<Monitor.Vacancy>(
    "on_null", .choice(Monitor.Vacancy.self), "What NULL, or no row, from the database means; 'unknown' without it")
  static let severity = Field<Severity>(
    "severity", .choice(Severity.self), required: true, "What an incident that it opens gets")
  static let suggest = Field<String>(
    "suggest", .slug, "The playbook that may help")
  static let starts = Field<String>(
    "starts", .slug, "The playbook that starts by itself where it is armed; without it, the suggested one")
  static let environment = Field<[String]>(
    "environment", .oneOrMany(.name), "The only environments it looks in; without it, all")
  static let coolDown = Field<Duration>(
    "cool_down", .duration, "After an armed playbook was started, it is not for so long; 1h without it")
  static let grace = Field<Duration>(
    "grace", .duration, "How long before an armed playbook starts anybody can stop it; 30s without it")

  static let table = ObjectTable(
    "monitor_check", title: "a monitor", "One alert check",
    [
      id.info, name.info, ProbeFields.sql.info, ProbeFields.http.info, ProbeFields.command.info, every.info,
      samples.info, measure.info, breach.info, onNull.info, severity.info, suggest.info, starts.info,
      environment.info, coolDown.info, grace.info,
    ],
    exactlyOne: [.init(keys: ["sql", "http", "command"], title: "a probe")])

  static let kind = Kind<Monitor>.object(table, named: "monitor_check") { section in
    let (id, name, probe, every) = (section[id], section[name], ProbeFields.probe(in: section), section[every])
    let (samples, measure, breach) = (section[samples], section[measure], section[breach])
    let (onNull, severity, suggest) = (section[onNull], section[severity], section[suggest])
    let (environments, coolDown, grace) = (section[environment], section[coolDown], section[grace])
    guard let id, let name, let probe, let every, let breach, let severity else { return nil }
    var monitor = Monitor(
      id: id, name: name, probe: probe, every: every, samples: samples ?? 1, measure: measure, breach: breach,
      onNull: onNull ?? .unknown, severity: severity, suggest: suggest, starts: section[starts],
      environments: environments ?? [],
      location: section.location)
    if let coolDown { monitor.coolDown = coolDown }
    if let grace { monitor.grace = grace }
    refuseMisplaced(section, probe)
    return monitor
  }

  private static func refuseMisplaced(_ section: Section, _ probe: Check.Probe) {
    if let entry = section.entry("on_null"), probe.key != "sql" {
      section.reading.error(
        at: entry.keyPlace, "'on_null' is about what a database answers, but this monitor asks with '\(probe.key)'",
        hint: "take it out; 'breach' can say default(x, y)")
    }
    if let entry = section.entry("samples"), section.node("measure") == nil {
      section.reading.error(
        at: entry.keyPlace, "'samples' needs 'measure', which says what their mean is taken of",
        hint: "measure: time.total")
    }
  }
}
