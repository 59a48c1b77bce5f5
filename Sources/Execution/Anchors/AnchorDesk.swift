public import Actions
internal import Foundation
public import IncidentModel
public import Journaling
public import Playbooks

/// Heads of the journal in a table of a database that only takes rows: who can rewrite the journal cannot rewrite these.
public struct AnchorDesk: Sendable {
  private let table: String
  private let connection: String
  private let connections: ConnectionBook
  private let performer: Performer
  /// What the journal is called there.
  private let journal: String

  /// Nobody waits longer for an anchor: whatever it is about has happened already.
  private static let limit = Duration.seconds(2)
  private static let pageSize = 500

  public init(_ place: AnchorPlace, journal: String, connections: ConnectionBook, performer: Performer) {
    (table, connection) = (place.table, place.connection)
    self.journal = journal
    self.connections = connections
    self.performer = performer
  }

  /// By where it is, `ops1:/home/dana/andon/state/journal.db`: one that was begun anew in the same place is not another
  /// one, and has to answer for what was anchored before.
  public static func name(ofJournalAt path: String, host: String) -> String {
    "\(host):\(URL(fileURLWithPath: path).resolvingSymlinksInPath().path)"
  }

  /// `andon_anchors of 'database'`
  public var place: String { "\(table) of '\(connection)'" }

  /// Notes a head. Throws why it is not known to be there.
  public func note(_ head: JournalHead, at moment: Timestamp) async throws(Failure) {
    let bindings: [Value] = [
      .text(journal), .number(Int(head.sequence)), .text(head.hash), .text(moment.description),
    ]
    _ = try await ask(
      "INSERT INTO \(table) (journal, seq, head, at) VALUES ($1, $2, $3, $4)", bindings, readOnly: false,
      rows: RowContract(min: 1, max: 1))
  }

  /// Every head that was noted for this journal, oldest first.
  public func heads() async throws(Failure) -> [JournalHead] {
    var heads: [JournalHead] = []
    var offset = 0
    while true {
      // By place, not by number: rows that were slipped in may have any.
      let outputs = try await ask(
        "SELECT seq, head FROM \(table) WHERE journal = $1 ORDER BY seq, at LIMIT \(Self.pageSize) OFFSET \(offset)",
        [.text(journal)], readOnly: true)
      guard case .list(let rows)? = outputs["rows"] else { return heads }
      heads += rows.compactMap { row in
        guard case .map(let columns) = row, let sequence = columns["seq"], let hash = columns["head"] else {
          return nil
        }
        return JournalHead("\(sequence.displayText):\(hash.displayText)")
      }
      if rows.count < Self.pageSize { return heads }
      offset += rows.count
    }
  }

  private func ask(
    _ statement: String, _ bindings: [Value], readOnly: Bool, rows: RowContract? = nil
  ) async throws(Failure) -> [String: Value] {
    if connections.isRehearsed(connection) {
      throw Failure(
        .notConfigured, "'\(connection)' is only rehearsed, so its \(table) holds no anchors",
        advice: "Name another connection under 'anchors' in the environment file.")
    }
    let request = SQLRequest(
      database: try await connections.database(connection), connection: connection, statement: statement,
      bindings: bindings, readOnly: readOnly, expectedRows: rows, timeLimit: Self.limit, lockLimit: Self.limit)
    let mark = AttemptMark(run: RunID(number: 0), step: "anchor", attempt: 1, idempotencyKey: "anchor")
    let result = await performer.perform(.sql(request), mark: mark)
    if let failure = result.failure { throw failure }
    return result.outputs
  }
}
