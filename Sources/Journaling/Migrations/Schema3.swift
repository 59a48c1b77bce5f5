/// Format 3 of the journal file: what monitors found, and which playbooks are armed, has an index of its own, so that a
/// monitor that starts knows at once what was told already. The entries themselves are as in format 1.
enum Schema3 {
  static let version = 3

  static let monitorKinds = """
    ('monitor.breached','monitor.recovered','monitor.blind','playbook.armed','playbook.disarmed','playbook.firing')
    """

  static let statements = ["CREATE INDEX entry_of_monitors ON entry (kind, seq) WHERE kind IN \(monitorKinds)"]
}
