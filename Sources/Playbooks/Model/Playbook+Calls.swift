public import IncidentModel

extension Playbook {
  /// The playbooks that run as part of this one, by its steps and handlers.
  public var calledPlaybooks: [String] {
    (steps + handlers.all).flatMap(\.wholeTree).compactMap { step in
      if case .playbook(let child) = step.action { child.id } else { nil }
    }
  }

  /// The worst that its own steps do, handlers included.
  public var worstEffect: Effect {
    (steps + handlers.all).flatMap(\.wholeTree).map(\.effect).max { $0.weight < $1.weight } ?? .read
  }
}

extension Step {
  /// Itself and the steps inside, without those that take something back: nobody asked for these.
  fileprivate var wholeTree: [Step] { [self] + children.flatMap(\.wholeTree) }
}
