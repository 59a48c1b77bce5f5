internal import GRDB
public import IncidentModel

/// What commands ask of a journal before they do anything. Each answer takes as long as what it finds, not as long as the
/// journal: an index holds it. A journal of an older format, which only a writer brings up to date, gives the same answers
/// more slowly.
extension JournalReader {
  /// Incidents that are not closed, first to last.
  public func openIncidents() throws(JournalError) -> [IncidentID] {
    try numbers {
      """
      SELECT o.incident FROM entry o \($0.by("entry_by_incident"))
      WHERE o.kind IN \(Schema4.listedKinds) AND o.kind = 'incident.opened' AND o.incident IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM entry WHERE \(Schema4.isClosing) AND incident = o.incident)
      ORDER BY o.incident
      """
    }.map { IncidentID(number: $0) }
  }

  /// Every incident that was opened, first to last.
  public func allIncidents() throws(JournalError) -> [IncidentID] {
    try all("incident", since: .incidentOpened).map { IncidentID(number: $0) }
  }

  /// Incidents, open or closed, after which something is left to do, first to last.
  public func incidentsWithOpenFollowUps() throws(JournalError) -> [IncidentID] {
    // Of several entries with the same number the last one holds.
    let (isToDo, number) = (Schema4.isToDo.of("f"), Schema4.followUpNumber.of("f"))
    return try numbers {
      """
      SELECT DISTINCT f.incident FROM entry f \($0.by("entry_to_do")) WHERE \(isToDo) AND f.incident IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM entry \($0.by("entry_of_settling"))
        WHERE \(Schema4.isSettled) AND incident = f.incident AND \(Schema4.followUpNumber) = \(number) AND seq > f.seq)
      ORDER BY f.incident
      """
    }.map { IncidentID(number: $0) }
  }

  /// Runs that are not over, first to last.
  public func openRuns() throws(JournalError) -> [RunID] {
    try numbers {
      """
      SELECT s.run FROM entry s \($0.by("entry_by_run"))
      WHERE s.kind IN \(Schema4.listedKinds) AND s.kind = 'run.started' AND s.run IS NOT NULL
      AND NOT EXISTS (
        SELECT 1 FROM entry \($0.by("entry_by_run"))
        WHERE kind IN \(Schema4.listedKinds) AND kind = 'run.finished' AND run = s.run)
      ORDER BY s.run
      """
    }.map { RunID(number: $0) }
  }

  /// Every run that was started, first to last.
  public func allRuns() throws(JournalError) -> [RunID] {
    try all("run", since: .runStarted).map { RunID(number: $0) }
  }

  /// The numbers of all that began with an entry of this kind.
  private func all(_ column: String, since kind: Fact.Kind) throws(JournalError) -> [Int] {
    try numbers {
      """
      SELECT \(column) FROM entry \($0.by("entry_by_\(column)"))
      WHERE kind IN \(Schema4.listedKinds) AND kind = '\(kind.rawValue)' AND \(column) IS NOT NULL ORDER BY \(column)
      """
    }
  }

  /// The runs of a playbook, whatever its text was at the time, first to last.
  /// - Parameter drill: only drills, or none; `nil`: both.
  public func runs(of playbook: String, drill: Bool? = nil) throws(JournalError) -> [RunID] {
    // Few texts were ever recorded, and each leads to its runs.
    let condition = drill.map { " AND json_extract(s.body, '$.details.drill') = \($0 ? 1 : 0)" } ?? ""
    return try numbers([playbook]) {
      """
      SELECT s.run
      FROM (
        \(Self.texts($0))
      ) text CROSS JOIN entry s \($0.by("entry_of_text"))
      WHERE s.kind IN \(Schema4.kindsWithDigest) AND s.kind = 'run.started' AND \(Schema4.digest.of("s")) = text.digest\(condition)
      ORDER BY s.run
      """
    }.map { RunID(number: $0) }
  }

  /// The last runs of a playbook before another one, first to last: of a playbook that ran a thousand times, the last few
  /// are found without a look at the others.
  /// - Parameter count: at most so many.
  public func runs(
    of playbook: String, drill: Bool, before run: RunID, atMost count: Int
  ) throws(JournalError) -> [RunID] {
    let digests = try read { db in
      try String.fetchAll(db, sql: Self.texts(Format(db)), arguments: [playbook])
    }
    var found: [Int] = []
    for digest in digests {
      found += try numbers([digest, run.number, drill, count]) {
        """
        SELECT run FROM entry \($0.by("entry_of_text"))
        WHERE kind IN \(Schema4.kindsWithDigest) AND kind = 'run.started' AND \(Schema4.digest) = ? AND run < ?
        AND json_extract(body, '$.details.drill') = ? ORDER BY run DESC LIMIT ?
        """
      }
    }
    return found.sorted().suffix(count).map { RunID(number: $0) }
  }

  /// The digests of the texts that were ever recorded of a playbook.
  private static func texts(_ format: Format) -> String {
    """
    SELECT DISTINCT \(Schema4.digest) AS digest FROM entry \(format.by("entry_of_text"))
    WHERE kind IN \(Schema4.kindsWithDigest) AND kind = 'playbook.recorded'
    AND json_extract(body, '$.details.playbook') = ?
    """
  }

  /// Entries of these kinds about these incidents, their runs included, in order.
  /// - Parameter kinds: of those that `lifecycle` knows.
  public func lifecycle(
    _ kinds: Set<Fact.Kind>, of incidents: some Collection<IncidentID>
  ) throws(JournalError) -> [Entry] {
    try lifecycle(kinds, "incident", incidents.map(\.number))
  }

  /// Entries of these kinds about these runs, in order.
  /// - Parameter kinds: of those that `lifecycle` knows.
  public func lifecycle(_ kinds: Set<Fact.Kind>, of runs: some Collection<RunID>) throws(JournalError) -> [Entry] {
    try lifecycle(kinds, "run", runs.map(\.number))
  }

  /// Messages that have no receipt, and what was tried to send them, in order.
  public func unsentMessages() throws(JournalError) -> [Entry] {
    let queued = try entries { format in
      """
      SELECT seq, hash, body FROM entry WHERE seq IN (
        SELECT min(seq) FROM entry \(format.by("entry_of_message")) WHERE kind IN \(Schema4.kindsWithMessageID)
        GROUP BY \(Schema4.messageID) HAVING max(kind) = 'message.queued'
      ) ORDER BY seq
      """
    }
    guard let first = queued.first?.sequence else { return [] }
    let ids = Set(queued.compactMap(\.messageID))
    let tries = try entries { _ in
      """
      SELECT seq, hash, body FROM entry
      WHERE kind IN \(Schema1.lifecycleKinds) AND kind = 'message.failed' AND seq > \(first) ORDER BY seq
      """
    }
    return (queued + tries.filter { $0.messageID.map(ids.contains) ?? false }).sorted { $0.sequence < $1.sequence }
  }

  /// Whether a receipt of this message is on record.
  public func isSent(_ message: Message) throws(JournalError) -> Bool {
    try entries([message.id]) { format in
      """
      SELECT seq, hash, body FROM entry \(format.by("entry_of_message"))
      WHERE kind IN \(Schema4.kindsWithMessageID) AND kind = 'message.sent' AND \(Schema4.messageID) = ?
      """
    }.contains { $0.messageID == message.id }
  }

  private func lifecycle(_ kinds: Set<Fact.Kind>, _ column: String, _ numbers: [Int]) throws(JournalError) -> [Entry] {
    if numbers.isEmpty { return [] }
    let list = numbers.map(String.init).joined(separator: ",")
    return try entries { format in
      """
      SELECT seq, hash, body FROM entry \(format.by("entry_by_\(column)"))
      WHERE kind IN \(Schema4.listedKinds) AND kind IN (\(Self.names(of: kinds)))
      AND \(column) IN (\(list)) AND \(column) IS NOT NULL ORDER BY seq
      """
    }
  }

  private func numbers(
    _ arguments: StatementArguments = [], _ sql: (Format) -> String
  ) throws(JournalError) -> [Int] {
    try read { db in try Int.fetchAll(db, sql: sql(Format(db)), arguments: arguments) }
  }

  private func entries(
    _ arguments: StatementArguments = [], _ sql: (Format) -> String
  ) throws(JournalError) -> [Entry] {
    try read { db in try entries(db, sql: sql(Format(db)), arguments) }
  }

  /// Which indexes there are to be used. They are named, because without figures about the journal SQLite prefers the one
  /// that spares it sorting a handful of rows.
  private struct Format {
    private let isIndexed: Bool

    init(_ db: Database) throws { isIndexed = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 >= Schema4.version }

    func by(_ index: String) -> String { isIndexed ? "INDEXED BY \(index)" : "" }
  }
}

extension Entry {
  /// What the message is called that it is about.
  fileprivate var messageID: String? {
    switch event.fact {
    case .messageQueued(let message): message.id
    case .messageSent(let receipt): receipt.id
    case .messageFailed(let failure): failure.id
    default: nil
    }
  }
}

extension String {
  /// A condition on the columns of a table that goes by another name.
  fileprivate func of(_ table: String) -> String {
    replacing("body", with: "\(table).body").replacing("kind =", with: "\(table).kind =")
  }
}
