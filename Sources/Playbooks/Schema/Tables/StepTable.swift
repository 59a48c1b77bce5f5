internal import IncidentModel
internal import Yams

/// One step.
enum StepTable {
  static let id = Field<String>("id", .slug, "Unique in the file: small letters, digits and '-'")
  static let name = Field<Template>("name", .template, "What people read")
  static let description = Field<Template>("description", .template, "Why, and what to look out for")
  static let when = Field<Expression>("when", .expression, "False: the step is skipped")

  static let sql = Field<SQLAction>("sql", SQLTable.kind, "One SQL statement")
  static let http = Field<HTTPAction>("http", HTTPTable.kind, "One HTTP request")
  static let command = Field<CommandAction>("command", CommandTable.kind, "One program, without a shell")
  static let shell = Field<ShellAction>("shell", ShellTable.kind, "One shell script")
  static let manual = Field<ManualAction>("manual", ManualTable.kind, "Something a person does or answers")
  static let notify = Field<NotifyAction>("notify", NotifyTable.kind, "A message, through the outbox")
  static let wait = Field<Duration>("wait", WaitTable.kind, "A pause")
  static let monitor = Field<MonitorAction>("monitor", MonitorTable.kind, "Look again and again for a while")
  static let assert = Field<AssertAction>("assert", AssertTable.kind, "Something that must hold")
  static let set = Field<[Assignment]>("set", AssignmentsTable.kind, "Values for later steps, as vars.NAME")
  static let parallel = Field<[Step]>(
    "parallel", .list(kind, least: 1), "Steps that all run; one failing does not stop the others")
  static let playbook = Field<SubPlaybook>("playbook", SubPlaybookTable.kind, "Another playbook")
  static let incident = Field<IncidentAction>("incident", IncidentTable.kind, "Something about the incident itself")
  static let branch = Field<StepAction>("if", BranchTable.kind, "One of two ways")

  static let effect = Field<Effect>(
    "effect", .choice(Effect.self), "What it may do to the world; reading actions are 'read', all others 'write'")
  static let idempotent = Field<Bool>("idempotent", .bool, "Your promise that repeating it is safe; needs 'verify'")
  static let exactlyOnce = Field<Bool>(
    "exactly_once", .bool, "SQL only: a marker row commits together with the effect")
  static let emergency = Field<Bool>(
    "emergency", .bool, "May run when the journal cannot be written; needs 'verify', and 'idempotent' or effect read")
  static let expect = Field<Expression>("expect", .expression, "Must hold on the action's outputs, else it failed")
  static let verify = Field<Check>("verify", CheckTable.kind, "The check that decides whether the effect is there")
  static let register = Field<[Assignment]>("register", AssignmentsTable.kind, "Named outputs for later steps")
  static let retry = Field<Retry>("retry", RetryTable.kind, "Only for effect read, or 'idempotent'")
  static let timeout = Field<Duration>("timeout", .duration, "Limit of one attempt")
  static let target = Field<String>("target", .name, "A clock of 'targets', met or missed when this is done")
  static let critical = Field<Bool>("critical", .bool, "False: its failure does not fail the run")
  static let onFailure = Field<FailurePolicy>(
    "on_failure", .choice(FailurePolicy.self), "Without it: ask when a person is there, else stop")
  static let undo = Field<Undo>("undo", UndoTable.kind, "How to take it back: a step, or {playbook: id}; only offered")
  static let sensitive = Field<Bool>("sensitive", .bool, "The output is not stored, only its size and hash")

  static let actions = [
    "sql", "http", "command", "shell", "manual", "notify", "wait", "monitor", "assert", "set", "parallel", "playbook",
    "incident", "if",
  ]

  private static let actionFields = [
    sql.info, http.info, command.info, shell.info, manual.info, notify.info, wait.info, monitor.info, assert.info,
    set.info, parallel.info, playbook.info, incident.info, branch.info,
  ]

  static let table = ObjectTable(
    "step", title: "a step", "One action with its checks, or a group of steps",
    [id.info, name.info, description.info, when.info] + actionFields
      + [
        effect.info, idempotent.info, exactlyOnce.info, emergency.info, expect.info, verify.info, register.info,
        retry.info, timeout.info, target.info, critical.info, onFailure.info, undo.info, sensitive.info,
      ],
    exactlyOne: [.init(keys: actions, title: "an action")])

  /// Not an object kind of the table alone: its JSON Schema stands for itself, so that steps can hold steps.
  static let kind: Kind<Step> = Kind(.object("step")) { input, reading in
    reading.section(input, table).map { step($0, isUndo: input.key == "undo") }
  }

  private static func step(_ section: Section, isUndo: Bool) -> Step {
    let given = section[id]
    let action = action(in: section)
    if action == nil { section.reading.markIncomplete(section.location) }
    if let action, action.keyword != "parallel", action.keyword != "if", section.node("id") == nil, !isUndo {
      missingID(section)
    }
    var step = Step(
      id: StepID(given ?? section.path), name: section[name], description: section[description],
      when: section[when], action: action ?? .set([]), effect: .read, location: section.location)
    step.effect = section[effect] ?? step.defaultEffect
    step.idempotent = section[idempotent] ?? false
    step.exactlyOnce = section[exactlyOnce] ?? false
    step.emergency = section[emergency] ?? false
    step.expect = section[expect]
    step.verify = section[verify]
    step.register = section[register] ?? []
    step.retry = section[retry]
    step.timeout = section[timeout] ?? step.action.ownTimeout
    step.target = section[target]
    step.critical = section[critical] ?? step.action.isCriticalByDefault
    step.onFailure = section[onFailure]
    step.undo = section[undo]
    step.sensitive = section[sensitive] ?? false
    // A check that could not be read is not a check that is missing.
    if section.has(verify), step.verify == nil { section.reading.markIncomplete(section.location) }
    checkGroup(step, section)
    checkIncident(step, section)
    return step
  }

  private static func action(in section: Section) -> StepAction? {
    var actions: [StepAction] = []
    if let action = section[sql] { actions.append(.sql(action)) }
    if let action = section[http] { actions.append(.http(action)) }
    if let action = section[command] { actions.append(.command(action)) }
    if let action = section[shell] { actions.append(.shell(action)) }
    if let action = section[manual] { actions.append(.manual(action)) }
    if let action = section[notify] { actions.append(.notify(action)) }
    if let duration = section[wait] { actions.append(.wait(duration)) }
    if let action = section[monitor] { actions.append(.monitor(action)) }
    if let action = section[assert] { actions.append(.assert(action)) }
    if let assignments = section[set] { actions.append(.set(assignments)) }
    if let steps = section[parallel] { actions.append(.parallel(steps)) }
    if let action = section[playbook] { actions.append(.playbook(action)) }
    if let action = section[incident] { actions.append(.incident(action)) }
    if let action = section[branch] { actions.append(action) }
    return actions.first
  }

  private static func missingID(_ section: Section) {
    section.reading.error(
      at: section.place, "a step with an action needs the key 'id'",
      hint: "the journal and later steps know it by this name: id: disable-trades")
  }

  /// What only an action can have.
  private static let ofActions = [
    "effect", "idempotent", "exactly_once", "emergency", "expect", "verify", "register", "retry", "timeout",
    "sensitive",
  ]

  private static func checkGroup(_ step: Step, _ section: Section) {
    guard step.isGroup else { return }
    for key in ofActions {
      guard let entry = section.entry(key) else { continue }
      section.reading.error(
        at: entry.keyPlace, "'\(key)' cannot stand on a group: '\(step.action.keyword)' acts only through its steps",
        hint: "put it on the steps inside")
    }
  }

  /// What is about effects on the world. Writing to the record has none to check, and is never done twice.
  private static let ofEffects = ["idempotent", "exactly_once", "emergency", "verify", "retry"]

  private static func checkIncident(_ step: Step, _ section: Section) {
    guard case .incident = step.action else { return }
    for key in ofEffects {
      guard let entry = section.entry(key) else { continue }
      section.reading.error(
        at: entry.keyPlace, "'\(key)' cannot stand on an 'incident' action: it changes nothing but the record",
        hint: "take it out")
      // The rules about these keys have nothing to add.
      section.reading.markIncomplete(section.location)
    }
  }
}

/// `undo: {playbook: resume-trading}`, or a step
enum UndoTable {
  static let playbook = Field<String>("playbook", .slug, required: true, "Id of the playbook that takes it back")
  static let table = ObjectTable("undo_playbook", title: "an 'undo'", "A playbook that takes it back", [playbook.info])

  static let kind: Kind<Undo> = Kind(.either([.object("undo_playbook"), .object("step")])) { input, reading in
    if case .mapping(let mapping) = input.node, mapping.count == 1, case .scalar(let key)? = mapping.first?.key,
      key.string == "playbook", case .scalar? = mapping.first?.value
    {
      return reading.section(input, table)?[playbook].map { .playbook($0) }
    }
    return StepTable.kind.read(input, reading).map { .step($0) }
  }
}
