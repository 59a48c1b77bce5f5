internal import Actions
internal import IncidentModel
public import Playbooks

extension Equipment {
  /// Opens the databases that the first steps of a playbook need, in the background. Opening a connection changes
  /// nothing, so it need not wait for the journal.
  public func prewarm(for playbook: Playbook) {
    guard let first = playbook.steps.first else { return }
    for step in first.leaves {
      guard case .sql(let action) = step.action, !connections.isRehearsed(action.connection) else { continue }
      let (connections, performer) = (connections, performer)
      Task {
        guard let database = try? await connections.database(action.connection) else { return }
        await performer.prewarm(database, connection: action.connection)
      }
    }
  }
}
