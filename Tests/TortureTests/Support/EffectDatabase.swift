import TestSupport

/// A PostgreSQL database that keeps account of what was done in it.
protocol EffectDatabase: Sendable {
  /// As `andon` gets it.
  var url: String { get }
  @discardableResult func query(_ statement: String, _ bindings: [String]) throws -> [[String?]]
}

extension ScratchDatabase: EffectDatabase {}

extension EffectDatabase {
  /// The tables of the playbook `torture`.
  func furnish() throws {
    for statement in [
      "CREATE TABLE IF NOT EXISTS effect (mark text NOT NULL)",
      "CREATE TABLE IF NOT EXISTS switch (owner text NOT NULL)",
      "GRANT ALL ON effect, switch TO PUBLIC", "INSERT INTO switch VALUES ('nobody')",
    ] { try query(statement, []) }
  }

  /// Undoes everything of an earlier round.
  func forget() throws {
    for statement in [
      "DELETE FROM effect", "UPDATE switch SET owner = 'nobody'", "DROP TABLE IF EXISTS andon_marker",
    ] { try query(statement, []) }
  }

  var effects: [Effect] {
    get throws {
      try query("SELECT mark FROM effect", []).compactMap { $0.first.flatMap { $0 } }.compactMap { Effect(mark: $0) }
    }
  }
}
