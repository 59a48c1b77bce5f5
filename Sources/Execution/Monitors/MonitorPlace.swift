public import Playbooks

/// What is watched, and where.
public struct MonitorPlace: Sendable {
  public let environment: String
  /// True where incidents are drills.
  public let drill: Bool
  public let monitors: [Monitor]
  /// The webhook connection that is told before a playbook starts by itself.
  public let announce: String?

  public init(environment: String, drill: Bool, monitors: [Monitor], announce: String?) {
    self.environment = environment
    self.drill = drill
    self.monitors = monitors
    self.announce = announce
  }

  /// Who acts, for the record.
  func actor(_ monitor: String) -> String { "monitor \(monitor)" }
}
