internal import IncidentModel

extension Step {
  /// Every text of the step itself, not of the steps inside. `own`: the outputs of its action.
  func sites(own: Outputs) -> [Site] {
    var sites = SiteList()
    sites.add(name, .prose, ["name"])
    sites.add(description, .prose, ["description"])
    sites.add(when, ["when"])
    sites.addAction(action)
    sites.add(expect, ["expect"], own)
    for assignment in register { sites.add(assignment.expression, ["register", .key(assignment.name)], own) }
    if let verify { sites.addCheck(verify, own: own) }
    return sites.all
  }

  /// The steps that its texts name, as in `steps.count.rows`; `nil` where they may name any, as the template of a message
  /// does.
  public var namedSteps: Set<String>? {
    if action.isAddressedToPeople { return nil }
    var named: Set<String> = []
    for reference in sites(own: .any).flatMap(\.expressions).flatMap(\.references) where reference[0] == "steps" {
      guard reference.count > 1 else { return nil }
      named.insert(reference[1])
    }
    return named
  }
}

private struct SiteList {
  var all: [Site] = []

  mutating func add(_ expression: Expression?, _ path: [Spot.PathStep], _ outputs: Outputs = .none) {
    guard let expression else { return }
    all.append(Site(content: .expression(expression), part: .condition, path: path, outputs: outputs))
  }

  mutating func add(
    _ template: Template?, _ part: Site.Part, _ path: [Spot.PathStep], _ outputs: Outputs = .none
  ) {
    guard let template else { return }
    all.append(Site(content: .template(template), part: part, path: path, outputs: outputs))
  }

  mutating func add(_ text: String?, _ part: Site.Part, _ path: [Spot.PathStep]) {
    guard let text else { return }
    all.append(Site(content: .text(text), part: part, path: path, outputs: .none))
  }

  mutating func add(_ pairs: [(name: String, value: Template)], _ part: Site.Part, _ path: [Spot.PathStep]) {
    for pair in pairs { add(pair.value, part, path + [.key(pair.name)]) }
  }

  mutating func addAction(_ action: StepAction) {
    switch action {
    case .sql(let action): addSQL(action, ["sql"])
    case .http(let action): addHTTP(action, ["http"])
    case .command(let action): addCommand(action, ["command"])
    case .shell(let action):
      add(action.script, .script, ["shell", "run"])
      add(action.environment, .environment, ["shell", "env"])
    case .manual(let action):
      add(action.ask, .prose, ["manual", "ask"])
      add(action.link, .prose, ["manual", "link"], .named(["draft"]))
      for (index, item) in action.checklist.enumerated() { add(item, .prose, ["manual", "checklist", .item(index)]) }
    case .monitor(let action):
      addProbe(action.probe, ["monitor"], own: .none)
      add(action.length, .data, ["monitor", "for"])
      add(action.failWhen, ["monitor", "fail_when"], action.probe.outputs ?? .none)
      add(action.record, ["monitor", "record"], action.probe.outputs ?? .none)
    case .assert(let action): addAssert(action, ["assert"], .none)
    case .set(let assignments):
      for assignment in assignments { add(assignment.expression, ["set", .key(assignment.name)]) }
    case .playbook(let action):
      for argument in action.with { add(argument.expression, ["playbook", "with", .key(argument.name)]) }
    case .incident(let action): addIncident(action)
    case .branch(let condition, _, _): add(condition, ["if", "that"])
    case .notify, .wait, .parallel: break
    }
  }

  private mutating func addIncident(_ action: IncidentAction) {
    switch action {
    case .title(let title): add(title, .prose, ["incident", "title"])
    case .followUp(let title, let owner, _):
      add(title, .prose, ["incident", "follow_up", "title"])
      add(owner, .prose, ["incident", "follow_up", "owner"])
    case .classify, .escalate, .suggest, .milestone: break
    }
  }

  mutating func addCheck(_ check: Check, own: Outputs) {
    addProbe(check.probe, ["verify"], own: own)
    let outputs = check.probe.outputs ?? own
    add(check.until, ["verify", "until"], outputs)
    add(check.inconclusive, ["verify", "inconclusive"], outputs)
  }

  private mutating func addProbe(_ probe: Check.Probe, _ path: [Spot.PathStep], own: Outputs) {
    switch probe {
    case .sql(let action): addSQL(action, path + ["sql"])
    case .http(let action): addHTTP(action, path + ["http"])
    case .command(let action): addCommand(action, path + ["command"])
    case .assert(let action): addAssert(action, path + ["assert"], own)
    }
  }

  private mutating func addAssert(_ action: AssertAction, _ path: [Spot.PathStep], _ outputs: Outputs) {
    add(action.that, path + ["that"], outputs)
    add(action.message, .prose, path + ["message"], outputs)
  }

  private mutating func addSQL(_ action: SQLAction, _ path: [Spot.PathStep]) {
    add(action.statement, .statement, path + ["run"])
    for (index, value) in action.bind.enumerated() { add(value, .data, path + ["bind", .item(index)]) }
  }

  private mutating func addHTTP(_ action: HTTPAction, _ path: [Spot.PathStep]) {
    add(action.path, .data, path + [.key(action.method.rawValue)])
    add(action.query, .data, path + ["query"])
    add(action.headers, .data, path + ["headers"])
    switch action.body {
    case .json(let body): addJSON(body, path + ["json"])
    case .text(let body): add(body, .data, path + ["body"])
    case nil: break
    }
  }

  private mutating func addJSON(_ value: ValueTemplate, _ path: [Spot.PathStep]) {
    switch value {
    case .fixed: break
    case .template(let template): add(template, .data, path)
    case .list(let items): for (index, item) in items.enumerated() { addJSON(item, path + [.item(index)]) }
    case .map(let members): for member in members { addJSON(member.value, path + [.key(member.key)]) }
    }
  }

  private mutating func addCommand(_ action: CommandAction, _ path: [Spot.PathStep]) {
    for (index, argument) in action.arguments.enumerated() { add(argument, .argument, path + ["run", .item(index)]) }
    add(action.environment, .environment, path + ["env"])
    add(action.directory, .data, path + ["cwd"])
    add(action.standardInput, .data, path + ["stdin"])
  }
}
