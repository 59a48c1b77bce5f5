internal import Engine
public import IncidentModel
public import Journaling

/// Which part of the history is asked for. What is `nil` does not limit it.
public struct HistoryFilter: Sendable, Hashable {
  public var severity: Severity?
  /// Opened or started at this moment or later.
  public var since: Timestamp?
  /// Runs of this playbook, and incidents that have one.
  public var playbook: String?
  /// `true`: only drills; `false`: none.
  public var drill: Bool?

  public init(severity: Severity? = nil, since: Timestamp? = nil, playbook: String? = nil, drill: Bool? = nil) {
    self.severity = severity
    self.since = since
    self.playbook = playbook
    self.drill = drill
  }
}

/// All incidents and runs of a journal: `andon history`.
public struct HistoryReport: Sendable {
  private let incidents: [IncidentLine]
  private let runs: [RunLine]
  private let isFiltered: Bool
  /// So many of each are shown at most, and there are older ones; `nil`: all that match are shown.
  private var limit: Int?

  /// - Throws: `JournalError` when the journal cannot be read.
  public init(reader: JournalReader, filter: HistoryFilter = HistoryFilter()) throws(JournalError) {
    self.init(try Register(reader: reader), filter: filter)
  }

  /// The newest that match, which takes no longer in an old journal than in a young one, unless few match.
  /// - Parameter limit: how many incidents, and how many runs, at most.
  /// - Throws: `JournalError` when the journal cannot be read.
  public init(
    newest limit: Int, reader: JournalReader, filter: HistoryFilter = HistoryFilter()
  ) throws(JournalError) {
    let incidents = try Self.newest(limit, of: reader.allIncidents()) { ids throws(JournalError) in
      HistoryReport(Register(try reader.lifecycle(Register.kinds, of: ids)), filter: filter).incidents
    }
    let runs = try Self.newest(limit, of: reader.allRuns()) { ids throws(JournalError) in
      let entries = try reader.lifecycle(Register.kinds, of: ids)
      let severities = try reader.lifecycle(
        [.incidentOpened, .severityChanged], of: Set(entries.compactMap(\.event.incident)))
      return HistoryReport(Register(severities + entries), filter: filter).runs
    }
    self.incidents = incidents.lines
    self.runs = runs.lines
    isFiltered = filter != HistoryFilter()
    self.limit = incidents.isCut || runs.isCut ? limit : nil
  }

  /// Looks back until there are enough.
  private static func newest<ID, Line>(
    _ limit: Int, of all: [ID], _ matching: (ArraySlice<ID>) throws(JournalError) -> [Line]
  ) throws(JournalError) -> (lines: [Line], isCut: Bool) {
    var (found, left) = ([Line](), all[...])
    while found.count < limit, !left.isEmpty {
      let some = left.suffix(limit)
      left = left.dropLast(some.count)
      found = try matching(some) + found
    }
    return (found.suffix(limit), found.count > limit || !left.isEmpty)
  }

  public init(_ register: Register, filter: HistoryFilter = HistoryFilter()) {
    let severities = Dictionary(uniqueKeysWithValues: register.incidents.map { ($0.id, $0.severity) })
    let runs = register.runs.filter { run in
      (filter.severity == nil || run.incident.flatMap { severities[$0] } == filter.severity)
        && filter.since.map { run.started >= $0 } != false
        && filter.playbook.map { run.playbook == $0 } != false
        && filter.drill.map { run.drill == $0 } != false
    }
    let withRuns = Set(register.runs.filter { $0.playbook == filter.playbook }.compactMap(\.incident))
    incidents = register.incidents.filter { incident in
      (filter.severity == nil || incident.severity == filter.severity)
        && filter.since.map { (incident.openedAt ?? $0) >= $0 } != false
        && (filter.playbook == nil || withRuns.contains(incident.id))
        && filter.drill.map { incident.drill == $0 } != false
    }.map(IncidentLine.init)
    self.runs = runs
    isFiltered = filter != HistoryFilter()
  }

  // MARK: - JSON

  public func json() throws -> String {
    try ReportJSON.text(Shape(schemaVersion: ReportJSON.schemaVersion, incidents: incidents, runs: runs))
  }

  private struct Shape: Codable {
    let schemaVersion: Int
    let incidents: [IncidentLine]
    let runs: [RunLine]
  }

  // MARK: - Text

  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    if incidents.isEmpty && runs.isEmpty {
      return isFiltered ? "Nothing in this journal matches." : "The journal holds no incident and no run yet."
    }
    let parts = [incidentLines(options), runLines(options)].filter { $0.count > 1 }
    let older = limit.map { [["Only the newest \($0) of each are shown; all of them: andon history --all"]] } ?? []
    return (parts + older).map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func incidentLines(_ options: TextOptions) -> [String] {
    let rows = incidents.map { incident in
      [
        incident.id.description, incident.severity.rawValue,
        incident.opened.map { "\($0.calendarDate) \($0.clockTime)" } ?? "", incident.status,
        incident.drill ? "DRILL" : incident.environment, incident.title,
      ]
    }
    return ["INCIDENTS (\(rows.count))"] + TextTable(rows, overflow: .cut).lines(width: options.width, limits: [4: 12])
  }

  private func runLines(_ options: TextOptions) -> [String] {
    let rows = runs.map { run in
      [
        run.id.description, run.state.rawValue, "\(run.started.calendarDate) \(run.started.clockTime)",
        run.milliseconds.map { Duration.milliseconds($0).spokenText } ?? "", run.incident?.description ?? "",
        run.drill ? "DRILL" : run.environment, run.playbook,
      ]
    }
    return ["RUNS (\(rows.count))"]
      + TextTable(rows, alignedRight: [3], overflow: .cut).lines(width: options.width, limits: [5: 12])
  }
}
