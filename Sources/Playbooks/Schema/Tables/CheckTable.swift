internal import IncidentModel
internal import Yams

/// The keys of a probe, shared by `verify` and `monitor`.
enum ProbeFields {
  static let sql = Field<SQLAction>("sql", SQLTable.kind, "Ask a database; read-only")
  static let http = Field<HTTPAction>("http", HTTPTable.kind, "Ask an HTTP service")
  static let command = Field<CommandAction>("command", CommandTable.kind, "Ask a program")

  static func probe(in section: Section) -> Check.Probe? {
    section[sql].map { .sql($0) } ?? section[http].map { .http($0) } ?? section[command].map { .command($0) }
  }
}

/// `verify: {sql: …, until: …}`
enum CheckTable {
  static let assert = Field<AssertAction>("assert", AssertTable.kind, "Look at the outputs of the action itself")
  static let until = Field<Expression>("until", .expression, "Must hold on the outputs of the probe")
  static let inconclusive = Field<Expression>(
    "inconclusive", .expression, "When it holds, the reading says neither yes nor no")
  static let every = Field<Duration>("every", .duration, "Pause between two looks; 1s without it")
  static let within = Field<Duration>("within", .duration, "How long to keep looking; 10s without it")

  static let table = ObjectTable(
    "verify", title: "a 'verify'", "The check: a read-only probe that decides whether the effect is really there",
    [ProbeFields.sql.info, ProbeFields.http.info, ProbeFields.command.info, assert.info, until.info]
      + [inconclusive.info, every.info, within.info],
    exactlyOne: [.init(keys: ["sql", "http", "command", "assert"], title: "a probe")],
    atMostOne: [["assert", "until"]])

  static let kind = Kind<Check>.object(table, named: "verify") { section in
    let probe = ProbeFields.probe(in: section) ?? section[assert].map { .assert($0) }
    let (until, inconclusive) = (section[until], section[inconclusive])
    let (every, within) = (section[every] ?? .seconds(1), section[within] ?? .seconds(10))
    if section.node("until") == nil, section.node("assert") == nil, section.isWhole {
      section.reading.error(
        at: section.place, "a 'verify' needs 'until'", hint: "the condition that must hold: until: row_count == 1")
      return nil
    }
    guard let probe, section.node("until") == nil || until != nil else { return nil }
    return Check(
      probe: probe, until: until, inconclusive: inconclusive, every: every, within: within,
      location: section.location)
  }
}

/// `monitor: {sql: …, every: 30s, for: 30m}`
enum MonitorTable {
  static let every = Field<Duration>("every", .duration, required: true, "Pause between two looks")
  static let length = Field<Template>("for", duration, required: true, "How long: a duration, or a template for one")
  static let failWhen = Field<Expression>("fail_when", .expression, "Stop and fail when it holds")
  static let record = Field<Expression>("record", .expression, "What to keep of each look")

  static let table = ObjectTable(
    "monitor", title: "a 'monitor' action", "Looks again and again, and keeps what it sees",
    [ProbeFields.sql.info, ProbeFields.http.info, ProbeFields.command.info, every.info, length.info]
      + [failWhen.info, record.info],
    exactlyOne: [.init(keys: ["sql", "http", "command"], title: "a probe")])

  static let kind = Kind<MonitorAction>.object(table, named: "monitor") { section in
    let probe = ProbeFields.probe(in: section)
    let (every, length) = (section[every], section[length])
    let (failWhen, record) = (section[failWhen], section[record])
    guard let probe, let every, let length else { return nil }
    return MonitorAction(probe: probe, every: every, length: length, failWhen: failWhen, record: record)
  }

  private static let duration = Kind<Template>(.text) { input, reading in
    guard let template = Kind<Template>.template.read(input, reading) else { return nil }
    guard template.isLiteral else { return template }
    return Kind<Duration>.duration.read(input, reading) == nil ? nil : template
  }
}

/// `retry: {max: 3, every: 5s, backoff: 2}`
enum RetryTable {
  static let max = Field<Int>("max", .integer(1), required: true, "How many attempts, the first one included")
  static let every = Field<Duration>("every", .duration, "Pause before the second attempt; 1s without it")
  static let backoff = Field<Double>("backoff", .factor, "How many times longer each pause is than the one before")
  static let table = ObjectTable(
    "retry", title: "a 'retry'", "Attempts after a failure", [max.info, every.info, backoff.info])

  static let kind = Kind<Retry>.object(table, named: "retry") { section in
    let (max, every, backoff) = (section[max], section[every], section[backoff])
    guard let max else { return nil }
    return Retry(max: max, every: every ?? .seconds(1), backoff: backoff ?? 1)
  }
}
