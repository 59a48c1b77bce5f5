internal import IncidentModel

extension Step {
  /// The effect of a step whose author names none: what the action does by its kind; the worst one inside a group.
  var defaultEffect: Effect {
    if isGroup { return children.map(\.effect).max { $0.weight < $1.weight } ?? .read }
    return action.defaultEffect
  }

  /// The steps of the whole tree below this one, itself first, `undo` steps included.
  var tree: [Step] {
    var steps = [self]
    for child in children { steps += child.tree }
    if case .step(let step)? = undo { steps += step.tree }
    return steps
  }
}

extension Effect {
  /// Greater is worse.
  var weight: Int {
    switch self {
    case .read: 0
    case .write: 1
    case .destructive: 2
    }
  }
}

extension StepAction {
  var defaultEffect: Effect {
    switch self {
    case .sql(let action): SQLStatement(action.statement).onlyReads ? .read : .write
    case .http(let action): action.method == .get || action.method == .head ? .read : .write
    case .wait, .assert, .monitor, .incident: .read
    default: .write
    }
  }

  /// A message that does not get out does not fail a run.
  var isCriticalByDefault: Bool { if case .notify = self { false } else { true } }

  /// The limit that stands inside the action.
  var ownTimeout: Duration? { if case .command(let action) = self { action.timeout } else { nil } }
}

extension Playbook {
  /// Every step of the file: those inside groups, handlers and `undo` too, in the order of the file.
  var everyStep: [Step] { (steps + handlers.all).flatMap(\.tree) }
}
