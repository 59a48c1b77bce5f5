internal import Foundation
internal import GRDB
internal import IncidentModel

/// The last two entries of a journal: enough to see that its end is as it was written.
struct JournalEnd {
  private let last: (sequence: Int64, hash: [UInt8], body: [UInt8])
  private let previous: [UInt8]

  init(_ reader: JournalReader) throws(JournalError) {
    let isBlank = try reader.isBlank
    let rows = try reader.read { db in
      try isBlank
        ? []
        : Row.fetchAll(db, sql: "SELECT seq, hash, CAST(body AS BLOB) AS body FROM entry ORDER BY seq DESC LIMIT 2").map
        {
          row in
          (
            sequence: Int64.fromDatabaseValue(row["seq"] as DatabaseValue) ?? 0,
            hash: [UInt8](Data.fromDatabaseValue(row["hash"] as DatabaseValue) ?? Data()),
            body: [UInt8](Data.fromDatabaseValue(row["body"] as DatabaseValue) ?? Data())
          )
        }
    }
    last = rows.first ?? (0, Chain.root, [])
    previous = rows.count > 1 ? rows[1].hash : Chain.root
  }

  /// `nil`: the end holds.
  func trouble(anchors: [JournalHead]) -> String? {
    if last.sequence > 0, Chain.hash(sequence: last.sequence, previous: previous, body: last.body) != last.hash {
      return "the content of its last entry, \(last.sequence), and its hash do not belong together"
    }
    guard let anchor = anchors.max(by: { $0.sequence < $1.sequence }) else { return nil }
    if anchor.sequence > last.sequence {
      return "it ends at entry \(last.sequence), but an anchor saw entry \(anchor.sequence)"
    }
    if anchor.sequence == last.sequence, anchor.hash != last.hash.hexText {
      return "its last entry, \(last.sequence), is not the one that was anchored"
    }
    return nil
  }
}
