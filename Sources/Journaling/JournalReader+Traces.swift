internal import GRDB
public import IncidentModel

/// Reads what figures over many runs are made of. SQLite picks a few members out of each body: nobody decodes a
/// hundred thousand entries whole to learn how long each took.
extension JournalReader {
  /// How the last runs of a playbook went along, as far as they came before another one; each run in order.
  /// - Parameter runs: at most so many, the last ones.
  public func traces(
    of playbook: String, drill: Bool, before run: RunID, runs count: Int
  ) throws(JournalError) -> [RunTrace] {
    try traces(of: runs(of: playbook, drill: drill, before: run, atMost: count))
  }

  /// How each of some runs went along: run by run, each in order.
  public func traces(of runs: some Collection<RunID>) throws(JournalError) -> [RunTrace] {
    try read { db in
      let statement = try db.cachedStatement(sql: Self.traceSQL)
      var traces: [RunTrace] = []
      for run in runs {
        let rows = try Row.fetchCursor(statement, arguments: [run.number])
        while let row = try rows.next() {
          guard let kind = Fact.Kind(rawValue: row[0] ?? "") else { continue }
          traces.append(
            RunTrace(
              run: run, kind: kind, step: (row[1] as String?).map { StepID($0) }, boot: row[2] ?? 0,
              bootID: row[3] ?? "", word: row[4] ?? "", isRetrying: row[5] ?? false,
              isVerified: (row[6] as String?) == Verification.verified.rawValue))
        }
      }
      return traces
    }
  }

  private static let traceSQL = """
    SELECT kind, json_extract(body, '$.step'), json_extract(body, '$.boot'), json_extract(body, '$.boot_id'),
      json_extract(body, CASE kind
        WHEN 'step.finished' THEN '$.details.state' WHEN 'step.skipped' THEN '$.details.cause'
        WHEN 'step.chosen' THEN '$.details.choice' WHEN 'target.judged' THEN '$.details.target'
        WHEN 'run.finished' THEN '$.details.phase' END),
      json_extract(body, '$.details.retrying'), json_extract(body, '$.details.verification')
    FROM entry WHERE run = ? AND run IS NOT NULL AND kind IN (\(names(of: RunTrace.kinds))) ORDER BY seq
    """

  /// Some members of every entry of some kinds, in order: what lists over a whole journal are made of.
  /// - Parameter members: paths as SQLite writes them: `$.details.playbook`. A number comes as its digits, a truth value
  ///   as `1` or `0`.
  public func excerpts(_ members: [String], of kinds: Set<Fact.Kind>) throws(JournalError) -> [EntryExcerpt] {
    let columns = members.map { "CAST(json_extract(body, '\($0)') AS TEXT)" }.joined(separator: ", ")
    var excerpts: [EntryExcerpt] = []
    for (set, indexed) in Self.indexed where !kinds.isDisjoint(with: indexed) {
      let names = Self.names(of: kinds.intersection(indexed))
      excerpts += try read { db in
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT seq, kind, incident, run, \(columns) FROM entry WHERE kind IN \(set) AND kind IN (\(names))
            ORDER BY kind, seq
            """)
        var found: [EntryExcerpt] = []
        while let row = try rows.next() {
          guard let kind = Fact.Kind(rawValue: row[1] ?? "") else { continue }
          found.append(
            EntryExcerpt(
              sequence: row[0] ?? 0, kind: kind, incident: (row[2] as Int?).map(IncidentID.init(number:)),
              run: (row[3] as Int?).map(RunID.init(number:)), members: members.indices.map { row[4 + $0] }))
        }
        return found
      }
    }
    return excerpts.sorted { $0.sequence < $1.sequence }
  }
}

/// An entry with no more of it than was asked for.
public struct EntryExcerpt: Sendable, Hashable {
  public let sequence: Int64
  public let kind: Fact.Kind
  public let incident: IncidentID?
  public let run: RunID?
  /// In the order in which they were asked for; `nil` where there is nothing.
  public let members: [String?]
}
