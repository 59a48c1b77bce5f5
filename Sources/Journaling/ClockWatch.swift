internal import GRDB
import IncidentModel

/// Notices between two entries that the wall clock was set, and puts a word about it between them.
enum ClockWatch {
  /// What the clocks showed at the last entry; `nil` for an empty journal, or one whose last entry cannot be read.
  static func lastReading(_ db: Database) throws -> ClockReading? {
    let statement = try db.cachedStatement(
      sql: """
        SELECT json_extract(body, '$.at') AS at, json_extract(body, '$.boot') AS boot,
          json_extract(body, '$.boot_id') AS boot_id
        FROM (SELECT CASE WHEN json_valid(body) THEN body ELSE '{}' END AS body FROM entry ORDER BY seq DESC LIMIT 1)
        """)
    guard let row = try Row.fetchOne(statement),
      let wall = String.fromDatabaseValue(row["at"] as DatabaseValue).flatMap(Timestamp.init),
      let boot = Int64.fromDatabaseValue(row["boot"] as DatabaseValue),
      let bootID = String.fromDatabaseValue(row["boot_id"] as DatabaseValue)
    else { return nil }
    return ClockReading(wall: wall, boot: boot, bootID: bootID)
  }

  /// The events, and before each that was recorded after the clock was set, what is to be said about that.
  static func noting(_ events: [Event], after last: ClockReading?) -> [Event] {
    var last = last
    return events.flatMap { event in
      defer { last = event.reading }
      guard let jump = last.flatMap({ event.reading.jump(since: $0) }) else { return [event] }
      return [Event(about: jump, before: event), event]
    }
  }
}

extension Event {
  /// It belongs to what goes on, and not to what only begins with the event after it.
  fileprivate init(about jump: ClockJump, before event: Event) {
    self.init(
      at: event.reading, actor: event.actor, incident: event.fact.kind == .incidentOpened ? nil : event.incident,
      run: event.fact.kind == .runStarted ? nil : event.run, .clockJumped(jump))
  }
}
