internal import IncidentModel
public import Playbooks

extension ConnectionBook {
  /// The connection that a monitor needs and that nothing stands in for here; `nil`: it can look.
  public func rehearsed(of monitor: Monitor) -> String? { monitor.connections.first(where: isRehearsed) }
}

extension Monitor {
  /// Every connection that it asks, or reads a field of.
  fileprivate var connections: [String] {
    let asked: (name: String?, expressions: [Playbooks.Expression]) =
      switch probe {
      case .sql(let action): (action.connection, action.bind.flatMap(\.expressions))
      case .http(let action): (action.connection, action.path.expressions)
      case .command(let action):
        (nil, action.arguments.flatMap(\.expressions) + action.environment.flatMap(\.value.expressions))
      case .assert: (nil, [])
      }
    let fields = (asked.expressions + [breach]).flatMap(\.references).filter {
      $0.first == "connections" && $0.count > 1
    }
    return [asked.name].compactMap { $0 } + fields.map { $0[1] }
  }
}
