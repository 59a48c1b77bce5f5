internal import Foundation
internal import GRDB
public import IncidentModel

extension JournalReader {
  /// How many entries of a kind `incidents(having:with:before:most:)` looks at, so that it takes no longer in a journal
  /// of many years.
  static let looksBack = 2000

  /// Incidents with an entry of this kind in front of the one with number `sequence`, the latest first. Candidates only:
  /// the stored text of the entry holds one of `fragments`, and whoever needs certainty reads the incident.
  /// - Parameters:
  ///   - kind: one that lists are made of.
  ///   - fragments: of the JSON in which an entry is stored: `"playbook":"pause-trading"`.
  ///   - most: how many incidents at most.
  public func incidents(
    having kind: Fact.Kind, with fragments: [String], before sequence: Int64, most: Int
  ) throws(JournalError) -> [IncidentID] {
    let sets = [Schema1.lifecycleKinds, Schema2.incidentKinds, Schema3.monitorKinds]
    // Named as in its index, which SQLite then takes.
    let set = sets.first { $0.contains("'\(kind.rawValue)'") } ?? "('\(kind.rawValue)')"
    let holds = fragments.map { _ in "instr(body, ?) > 0" }.joined(separator: " OR ")
    let sql = """
      SELECT incident FROM (
        SELECT seq, incident, body FROM entry
        WHERE kind IN \(set) AND kind IN ('\(kind.rawValue)') AND seq < ? ORDER BY seq DESC LIMIT \(Self.looksBack))
      WHERE incident IS NOT NULL AND (\(holds)) GROUP BY incident ORDER BY max(seq) DESC LIMIT ?
      """
    let arguments: [any DatabaseValueConvertible] = [sequence] + fragments + [most]
    return try read { db in
      try Int.fetchAll(db, sql: sql, arguments: StatementArguments(arguments)).map { IncidentID(number: $0) }
    }
  }

  /// What an incident's entries of these kinds say, in front of the entry with number `sequence`, in order. One that
  /// cannot be read is left out: `journal verify` names it.
  public func events(
    of incident: IncidentID, _ kinds: Set<Fact.Kind>, before sequence: Int64
  ) throws(JournalError) -> [Event] {
    let names = kinds.map { "'\($0.rawValue)'" }.sorted().joined(separator: ",")
    let sql = """
      SELECT CAST(body AS BLOB) FROM entry
      WHERE incident = ? AND incident IS NOT NULL AND seq < ? AND kind IN (\(names)) ORDER BY seq
      """
    return try read { db in
      try Data.fetchAll(db, sql: sql, arguments: [incident.number, sequence]).compactMap {
        try? EventCoding.decode([UInt8]($0))
      }
    }
  }
}
