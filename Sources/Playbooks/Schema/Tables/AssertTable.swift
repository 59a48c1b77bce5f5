internal import IncidentModel
internal import Yams

/// `assert: {that: expression}`
enum AssertTable {
  static let that = Field<Expression>("that", .expression, required: true, "Must be true")
  static let message = Field<Template>("message", .template, "What to say when it is not")
  static let table = ObjectTable("assert", title: "an 'assert'", "Something that must hold", [that.info, message.info])

  static let kind = Kind<AssertAction>.object(table, named: "assert") { section in
    let (that, message) = (section[that], section[message])
    guard let that else { return nil }
    return AssertAction(that: that, message: message)
  }
}

/// `set: {name: expression}`, and every other map of names to expressions
enum AssignmentsTable {
  static let kind = Kind<[(name: String, value: Expression)]>.map(
    names: Words.identifier, fits: Words.isIdentifier, .expression
  ).map { $0.map { Assignment(name: $0.name, expression: $0.value) } }
}

/// `playbook: {id: resume-trading, with: {param: expression}}`
enum SubPlaybookTable {
  static let id = Field<String>("id", .slug, required: true, "Id of the playbook to run")
  static let with = Field<[Assignment]>("with", AssignmentsTable.kind, "Its params")
  static let table = ObjectTable(
    "sub_playbook", title: "a 'playbook' action", "Another playbook", [id.info, with.info])

  static let kind = Kind<SubPlaybook>.object(table, named: "sub_playbook") { section in
    let (id, with) = (section[id], section[with] ?? [])
    guard let id else { return nil }
    return SubPlaybook(id: id, with: with)
  }
}

/// `if: {that: expression, then: [steps], else: [steps]}`
enum BranchTable {
  static let that = Field<Expression>("that", .expression, required: true, "Decides which steps run")
  static let then = Field<[Step]>("then", .list(StepTable.kind, least: 1), required: true, "Steps when it is true")
  static let otherwise = Field<[Step]>("else", .list(StepTable.kind, least: 1), "Steps when it is false")
  static let table = ObjectTable(
    "if", title: "an 'if'", "One of two ways", [that.info, then.info, otherwise.info])

  static let kind: Kind<StepAction> = .object(table, named: "if") { section in
    let (that, then, otherwise) = (section[that], section[then] ?? [], section[otherwise] ?? [])
    guard let that else { return nil }
    return .branch(if: that, then: then, otherwise: otherwise)
  }
}
