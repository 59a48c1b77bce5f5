internal import IncidentModel

extension Step {
  /// The effect of a step whose author names none: what the action does by its kind; the worst one inside a group.
  var defaultEffect: Effect {
    if isGroup { return children.map(\.effect).max { $0.weight < $1.weight } ?? .read }
    return action.defaultEffect
  }

  /// The steps of the whole tree below this one, itself first, `undo` steps included.
  var tree: [Step] { [self] + inside.flatMap(\.tree) }

  /// Those right below this one.
  fileprivate var inside: [Step] { if case .step(let step)? = undo { children + [step] } else { children } }
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
  var everyStep: [Step] {
    // Thousands of steps take room: a plain list of them is not copied.
    let all = handlers.all.isEmpty ? steps : steps + handlers.all
    return all.contains { !$0.inside.isEmpty } ? all.flatMap(\.tree) : all
  }
}
