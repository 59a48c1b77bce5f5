public import IncidentModel

/// What is due, and when: `andon schedule`.
public struct ScheduleReport: Sendable {
  let environment: String
  let now: Timestamp
  /// What is late before what is not, then by date; what has none stands last.
  let items: [DueItem]

  /// - Parameters:
  ///   - environment: where tasks count as done.
  ///   - flag: ` --env NAME`, to be typed where the environment is not the usual one; else empty.
  ///   - reports: what is asked of postmortems, and which are written.
  public init(
    _ register: Register, playbooks: [ScheduledPlaybook], environment: String, flag: String = "", now: Timestamp,
    reports: ReportDuty = .none
  ) {
    self.environment = environment
    self.now = now
    let duties =
      playbooks.flatMap {
        PlaybookDuties(scheduled: $0, register: register, environment: environment, flag: flag).items
      } + register.incidents.flatMap { IncidentDuties(incident: $0, reports: reports).items }
    items = duties.sorted { Self.key($0, now) < Self.key($1, now) }
  }

  /// What is late, the longest first.
  public var late: [DueItem] { items.filter { $0.isLate(at: now) } }

  private static func key(_ item: DueItem, _ now: Timestamp) -> (Int, Int64, String) {
    let rank = item.isLate(at: now) ? 0 : item.due == nil ? 2 : 1
    return (rank, item.due?.milliseconds ?? .max, item.uid)
  }
}

// MARK: - Text

extension ScheduleReport {
  /// As plain text, without a line break at the end.
  public func text(_ options: TextOptions = TextOptions()) -> String {
    if items.isEmpty { return "Nothing is due: no task, no review, no drill, no postmortem, no follow-up." }
    let late = items.filter { $0.isLate(at: now) }
    let parts = [("LATE", late), ("DUE", items.filter { !$0.isLate(at: now) })].filter { !$0.1.isEmpty }
    return parts.map { title, items in
      let rows = items.flatMap { item -> [[String]] in
        let when = [item.what, item.dueText].filter { !$0.isEmpty }.joined(separator: ", ")
        return [[item.standing(at: now), when], ["", item.command]]
      }
      return (["\(title) (\(items.count))"] + TextTable(rows).lines(width: options.width)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

// MARK: - JSON

extension ScheduleReport {
  public func json() throws -> String {
    try ReportJSON.text(
      Shape(
        schemaVersion: ReportJSON.schemaVersion, environment: environment, now: now, late: late.count,
        items: items.map { Shape.Item($0, now) }))
  }

  private struct Shape: Encodable {
    let schemaVersion: Int
    let environment: String
    let now: Timestamp
    let late: Int
    let items: [Item]

    struct Item: Encodable {
      let kind: DueItem.Kind
      let subject: String
      let what: String
      let isLate: Bool
      let command: String
      @OrNull var last: Timestamp?
      @OrNull var due: Timestamp?
      @OrNull var lateMilliseconds: Int64?

      init(_ item: DueItem, _ now: Timestamp) {
        kind = item.kind
        subject = item.subject
        what = item.what
        isLate = item.isLate(at: now)
        command = item.command
        last = item.last
        due = item.due
        lateMilliseconds = item.lateness(at: now)?.wholeMilliseconds
      }
    }
  }
}
