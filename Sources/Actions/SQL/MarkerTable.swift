internal import IncidentModel

/// The table in the target database that makes an effect happen exactly once: the row commits together with it.
enum MarkerTable {
  static let name = "andon_marker"

  static let insertion = "INSERT INTO andon_marker (key, statement) VALUES ($1, $2)"

  static func creation(timestampType: String, now: String) -> String {
    """
    CREATE TABLE IF NOT EXISTS andon_marker \
    (key text PRIMARY KEY, statement text NOT NULL, at \(timestampType) NOT NULL DEFAULT \(now))
    """
  }

  /// The result when the marker was there before: the effect has happened, and it kept its contract then.
  static func alreadyDone(_ contract: RowContract?) -> ActionResult {
    var outputs: [String: Value] = ["already": .bool(true), "rows": .list([])]
    if let contract, contract.min == contract.max { outputs["row_count"] = .number(contract.min) }
    return ActionResult(.succeeded, outputs: outputs)
  }
}
