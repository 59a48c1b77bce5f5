internal import IncidentModel
internal import Yams

/// `manual: {ask: …}`
enum ManualTable {
  static let ask = Field<Template>("ask", .template, required: true, "What the person does or answers")
  static let draft = Field<String>("draft", .name, "Name of a message in templates/, for the person to copy")
  static let link = Field<Template>(
    "link", .template, "An address that opens a form with the draft in it: ${draft}, percent-encoded")
  static let checklist = Field<[Template]>("checklist", .list(.template), "Things to tick one by one")
  static let answer = Field<Answer>("answer", AnswerTable.kind, "What kind of answer is expected; 'done' without it")
  static let confirm = Field<Bool>("confirm", .bool, "Ask once more before it counts as done")

  static let table = ObjectTable(
    "manual", title: "a 'manual' action", "A person does or answers something. Output: answer",
    [ask.info, draft.info, link.info, checklist.info, answer.info, confirm.info])

  static let kind = Kind<ManualAction>.object(table, named: "manual") { section in
    let (ask, draft, link) = (section[ask], section[draft], section[link])
    let checklist = section[checklist] ?? []
    let (answer, confirm) = (section[answer], section[confirm] ?? false)
    guard let ask, section.node("answer") == nil || answer != nil else { return nil }
    return ManualAction(
      ask: ask, draft: draft, link: link, checklist: checklist, answer: answer?.kind,
      choices: answer?.choices ?? [], confirm: confirm)
  }

  struct Answer {
    let kind: ManualAction.AnswerKind
    let choices: [String]
  }
}

/// `answer: {type: choice, choices: [yes, later]}`
enum AnswerTable {
  static let type = Field<ManualAction.AnswerKind>(
    "type", .choice(ManualAction.AnswerKind.self), required: true, "What kind of answer")
  static let choices = Field<[String]>("choices", .list(.literal, least: 1), "The answers to choose from")

  static let table = ObjectTable(
    "answer", title: "an answer", "What is expected of a person", [type.info, choices.info])

  static let kind = Kind<ManualTable.Answer>.object(table, named: "answer") { section in
    let (type, choices) = (section[type], section[choices])
    guard let type else { return nil }
    if type == .choice, choices == nil, section.node("choices") == nil {
      section.reading.error(
        at: section.place, "an answer of type choice needs 'choices'", hint: "choices: [one, other]")
    }
    if type != .choice, let entry = section.entry("choices") {
      section.reading.error(at: entry.keyPlace, "'choices' belongs to type choice", hint: "write type: choice")
    }
    return ManualTable.Answer(kind: type, choices: choices ?? [])
  }
}

/// `notify: {connection: discord, template: trading-paused}`
enum NotifyTable {
  static let connection = Field<String>("connection", .name, required: true, "Name of a channel in 'connections'")
  static let template = Field<String>("template", .name, required: true, "Name of a message in templates/")

  static let table = ObjectTable(
    "notify", title: "a 'notify' action", "A message, through the outbox", [connection.info, template.info])

  static let kind = Kind<NotifyAction>.object(table, named: "notify") { section in
    let (connection, template) = (section[connection], section[template])
    guard let connection, let template else { return nil }
    return NotifyAction(connection: connection, template: template)
  }
}

/// `wait: {for: 30s}`
enum WaitTable {
  static let length = Field<Duration>("for", .duration, required: true, "How long")
  static let table = ObjectTable("wait", title: "a 'wait' action", "Nothing happens for a while", [length.info])
  static let kind = Kind<Duration>.object(table, named: "wait") { $0[length] }
}
