internal import IncidentModel
internal import Yams

/// The file.
enum PlaybookTable {
  static let format = Field<Int>("format", formatKind, required: true, "The version of this format: 1")
  static let id = Field<String>("id", .slug, required: true, "The file's name without .yaml; the journal's key")
  static let name = Field<String>("name", .plainText, required: true, "What people read")
  static let description = Field<String>("description", .optionalText, "What it does and when")
  static let severity = Field<Severity>(
    "severity", .choice(Severity.self), "What an incident opened by this playbook gets")
  static let owner = Field<String>("owner", .optionalText, "Who keeps it correct")
  static let tags = Field<[String]>("tags", .list(.plainText), "Words to find it by")
  static let review = Field<Review>(
    "review", ReviewTable.kind, "When it was last read through, and how often it should be")
  static let whenToUse = Field<[String]>("when_to_use", .list(.plainText), "The situations it is for")
  static let killSwitch = Field<KillSwitch>("kill_switch", KillSwitchTable.kind, "Makes it a target of 'andon pull'")
  static let confirm = Field<String>(
    "confirm", .confirmationWord, "The word that a destructive step asks for outside 'pull'")
  static let inverse = Field<String>("inverse", .slug, "Id of the playbook that takes this one back")
  static let prerequisites = Field<[Prerequisite]>(
    "prerequisites", .list(PrerequisiteTable.kind), "What must be recorded as true before step 1")
  static let targets = Field<[Target]>("targets", targetsKind, "Clocks that count from 'detected'")
  static let params = Field<[Parameter]>("params", ParameterTable.kind, "Values that come from outside")
  static let connections = Field<[String]>(
    "connections", .list(.name), "What it talks to; what they are stands in environments/NAME.yaml")
  static let schedule = Field<Schedule>("schedule", ScheduleTable.kind, "How often it is due")
  static let drill = Field<Duration>(
    "drill", DrillTable.kind, "How often it is to be drilled; a kill switch without it every 30 days")
  static let steps = Field<[Step]>("steps", .list(StepTable.kind, least: 1), required: true, "What is done, in order")
  static let handlers = Field<Handlers>("handlers", HandlersTable.kind, "Steps for the end of a run, by how it ended")

  static let table = ObjectTable(
    "playbook", title: "a playbook", "One procedure",
    [
      format.info, id.info, name.info, description.info, severity.info, owner.info, tags.info, review.info,
      whenToUse.info, killSwitch.info, confirm.info, inverse.info, prerequisites.info, targets.info, params.info,
      connections.info, schedule.info, drill.info, steps.info, handlers.info,
    ])

  static func playbook(_ section: Section, source: PlaybookSource) -> Playbook {
    _ = section[format]
    var playbook = Playbook(
      id: section[id] ?? "", name: section[name] ?? "", steps: section[steps] ?? [], source: source)
    playbook.description = section[description]
    playbook.severity = section[severity]
    playbook.owner = section[owner]
    playbook.tags = section[tags] ?? []
    playbook.review = section[review]
    playbook.whenToUse = section[whenToUse] ?? []
    playbook.killSwitch = section[killSwitch]
    playbook.confirm = section[confirm]
    playbook.inverse = section[inverse]
    playbook.prerequisites = section[prerequisites] ?? []
    playbook.targets = section[targets] ?? []
    playbook.params = section[params] ?? []
    playbook.connections = section[connections] ?? []
    playbook.schedule = section[schedule]
    playbook.drill = section[drill]
    playbook.handlers = section[handlers] ?? Handlers()
    return playbook
  }

  /// The only one there is; a later one will need a later Andon.
  static let formatKind = Kind<Int>(.integer(least: 1)) { input, reading in
    guard let text = reading.text(input)?.string else { return nil }
    guard text == "1" else {
      reading.error(
        at: input.place, "this is format '\(text.excerpt)', but only format 1 is known", hint: "write format: 1")
      return nil
    }
    return 1
  }

  private static let targetsKind = Kind<[(name: String, value: Duration)]>.map(
    names: Words.name, fits: Words.isName, .duration
  ).map { $0.map { Target(name: $0.name, limit: $0.value) } }
}

/// `review: {last: 2031-05-14, every: 30d}`
enum ReviewTable {
  static let last = Field<String>("last", .date, "The day; empty: never")
  static let every = Field<Duration>("every", .optionalDuration, "How often")
  static let table = ObjectTable(
    "review", title: "a 'review'", "When it was last read through", [last.info, every.info])
  static let kind = Kind<Review>.object(table, named: "review") { Review(last: $0[last], every: $0[every]) }
}

/// `kill_switch: {word: PAUSE}`
enum KillSwitchTable {
  static let word = Field<String>("word", .confirmationWord, required: true, "What has to be typed, such as PAUSE")
  static let table = ObjectTable("kill_switch", title: "a kill switch", "A target of 'andon pull'", [word.info])
  static let kind = Kind<KillSwitch>.object(table, named: "kill_switch") { $0[word].map { KillSwitch(word: $0) } }
}

/// `prerequisites: [{id: audit_complete, ask: …}]`
enum PrerequisiteTable {
  static let id = Field<String>("id", .name, required: true, "By this name it is given: --var NAME=true")
  static let ask = Field<String>("ask", .plainText, required: true, "The question; yes or no")
  static let table = ObjectTable(
    "prerequisite", title: "a prerequisite", "Must be true before step 1", [id.info, ask.info])

  static let kind = Kind<Prerequisite>.object(table, named: "prerequisite") { section in
    let (id, ask) = (section[id], section[ask])
    guard let id, let ask else { return nil }
    return Prerequisite(id: id, ask: ask)
  }
}

/// `schedule: weekly` or `schedule: {every: 12h}`
enum ScheduleTable {
  static let every = Field<Duration>("every", .duration, required: true, "How often")
  static let table = ObjectTable("schedule", title: "a schedule", "How often it is due", [every.info])

  private enum Rhythm: String, CaseIterable { case daily, weekly, monthly }

  static let kind = Kind<Schedule>(.either([.choice(Rhythm.allCases.map(\.rawValue)), .object("schedule")])) {
    input, reading in
    guard case .scalar = input.node else { return reading.section(input, table)?[every].map { .every($0) } }
    switch Kind<Rhythm>.choice(Rhythm.self).read(input, reading) {
    case .daily: return .daily
    case .weekly: return .weekly
    case .monthly: return .monthly
    case nil: return nil
    }
  }
}

/// `drill: {every: 90d}`
enum DrillTable {
  static let every = Field<Duration>("every", .duration, required: true, "How often")
  static let table = ObjectTable("drill", title: "a 'drill'", "How often it is to be drilled", [every.info])
  static let kind = Kind<Duration>.object(table, named: "drill") { $0[every] }
}

/// `handlers: {failure: [steps]}`
enum HandlersTable {
  static let success = Field<[Step]>("success", steps, "When every critical step is done")
  static let failure = Field<[Step]>("failure", steps, "When the run failed or was stopped")
  static let cancelled = Field<[Step]>("cancelled", steps, "When the run was cancelled")
  static let waiting = Field<[Step]>("waiting", steps, "When a person is awaited")
  static let always = Field<[Step]>("always", steps, "In the end, however it ended")

  static let table = ObjectTable(
    "handlers", title: "'handlers'", "Steps for the end of a run",
    [success.info, failure.info, cancelled.info, waiting.info, always.info])

  static let kind = Kind<Handlers>.object(table, named: "handlers") { section in
    Handlers(
      success: section[success] ?? [], failure: section[failure] ?? [], cancelled: section[cancelled] ?? [],
      waiting: section[waiting] ?? [], always: section[always] ?? [])
  }

  private static var steps: Kind<[Step]> { .list(StepTable.kind) }
}
