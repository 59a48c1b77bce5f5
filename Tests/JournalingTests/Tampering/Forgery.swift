import Crypto
import Foundation
import GRDB

/// What somebody does with the file in hands, who knows SQLite and the chain: the guards go, and come back as they were.
enum Forgery: String, CaseIterable, Sendable {
  case delete, deleteAndRenumber, swap, insert, insertAndRechain, duplicate, truncate, rechain, lieInColumns

  /// Forges entry `place`, which counts from 1, in the journal at `path`.
  func apply(to path: String, at place: Int) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA synchronous = OFF") }
    try queue.write { db in
      let guards = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      for row in guards { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
      try forge(db, Int64(place))
      for row in guards { try db.execute(sql: row["sql"]) }
    }
    try queue.close()
  }

  private func forge(_ db: Database, _ place: Int64) throws {
    func run(_ sql: String) throws { try db.execute(sql: sql.replacing("?", with: "\(place)")) }
    switch self {
    case .delete: try run("DELETE FROM entry WHERE seq = ?")
    case .deleteAndRenumber:
      try run("DELETE FROM entry WHERE seq = ?")
      try shift(db, by: -1, behind: place)
      try rechain(db, from: place)
    case .swap:
      try run("UPDATE entry SET seq = 0 WHERE seq = ?")
      try run("UPDATE entry SET seq = ? WHERE seq = ? + 1")
      try run("UPDATE entry SET seq = ? + 1 WHERE seq = 0")
    case .insert, .insertAndRechain:
      try shift(db, by: 1, behind: place - 1)
      try db.execute(
        sql: """
          INSERT INTO entry SELECT ?, hash, replace(body, '"dana"', '"lee"'), kind, incident, run
          FROM entry WHERE seq = ? + 1
          """, arguments: [place, place])
      if self == .insertAndRechain { try rechain(db, from: place) }
    case .duplicate:
      try db.execute(
        sql:
          "INSERT INTO entry SELECT (SELECT max(seq) + 1 FROM entry), hash, body, kind, incident, run FROM entry WHERE seq = ?",
        arguments: [place])
    case .truncate: try run("DELETE FROM entry WHERE seq >= ?")
    case .rechain:
      try run("UPDATE entry SET body = replace(body, '\"dana\"', '\"lee\"') WHERE seq = ?")
      try rechain(db, from: place)
    case .lieInColumns: try run("UPDATE entry SET kind = 'step.acted', run = 99 WHERE seq = ?")
    }
  }

  private func shift(_ db: Database, by distance: Int64, behind place: Int64) throws {
    // Through negative numbers, so that none is taken twice meanwhile.
    try db.execute(
      sql: "UPDATE entry SET seq = -(seq + ?) WHERE seq > ?", arguments: [distance, place])
    try db.execute(sql: "UPDATE entry SET seq = -seq WHERE seq < 0")
  }

  /// A chain that fits again: whoever can write the file can compute it.
  private func rechain(_ db: Database, from place: Int64) throws {
    var previous =
      try Data.fetchOne(db, sql: "SELECT hash FROM entry WHERE seq = ?", arguments: [place - 1]) ?? Data(count: 32)
    for row in try Row.fetchAll(
      db, sql: "SELECT seq, CAST(body AS BLOB) AS body FROM entry WHERE seq >= ? ORDER BY seq", arguments: [place])
    {
      let (seq, body): (Int64, Data) = (row["seq"], row["body"])
      let number = withUnsafeBytes(of: seq.bigEndian) { Data($0) }
      previous = Data(SHA256.hash(data: Data("andon-journal-1\0".utf8) + number + previous + body))
      try db.execute(sql: "UPDATE entry SET hash = ? WHERE seq = ?", arguments: [previous, seq])
    }
  }

  /// Whether it can be done at that place of so many entries.
  func isPossible(at place: Int, of count: Int) -> Bool { self != .swap || place < count }
}
