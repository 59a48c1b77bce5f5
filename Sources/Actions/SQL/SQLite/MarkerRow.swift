internal import GRDB

/// The row that commits together with an effect that must happen exactly once.
struct MarkerRow {
  let key: String
  let statement: String

  /// False if the row is there already: the effect has happened.
  func insert(_ database: Database) throws -> Bool {
    try database.execute(sql: MarkerTable.creation(timestampType: "text", now: "CURRENT_TIMESTAMP"))
    try database.execute(
      sql: "INSERT INTO andon_marker (key, statement) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
      arguments: [key, statement])
    return database.changesCount == 1
  }
}
