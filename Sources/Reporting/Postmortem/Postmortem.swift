internal import Engine
public import IncidentModel
public import Journaling

/// Everything the report about an incident says, before it has a form. A pure function of the journal: the same
/// entries give the same report.
public struct Postmortem: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let incident: IncidentLine
  /// `draft`: people have not reviewed it.
  public let status: String
  /// Two or three sentences to begin with.
  public let summary: String
  public let metrics: [Metric]
  public let targets: [TargetLine]
  /// What was changed, in the order it was done.
  public let changes: [Change]
  /// Who acted.
  public let responders: [ResponderLine]
  /// Who took which role, and when.
  public let roleHistory: [RoleLine]
  /// Who was called, or was to be.
  public let escalations: [EscalationLine]
  /// What people set down to do afterwards.
  public let actionItems: [FollowUpLine]
  public let detection: String
  public let timeline: [TimelineRow]
  public let runs: [RunSection]
  /// How its drills went; empty for a real incident.
  public let drills: [DrillScore]
  public let truth: Truth
  public let messages: [MessageLine]
  public let findings: [Finding]
  public let wentWell: [String]
  public let wentBadly: [String]
  public let followUps: [FollowUp]
  /// The last entry of the incident, by number and hash.
  public let head: HeadLine
  /// The number of its first entry, and how many it has.
  public let firstEntry: Int64
  public let entryCount: Int
  /// What the record does not protect against.
  public let limits: [String]

  public struct RunSection: Sendable, Hashable, Codable {
    public let run: RunLine
    public let params: [String: Value]
    public let prerequisites: [String: Bool]
    /// SHA-256 of the playbook's text, in hex.
    public let digest: String
    public let handovers: [HandoverLine]
    @OrNull public var cancellation: CancellationLine?
    public let steps: [StepDetail]
  }

  public struct Change: Sendable, Hashable, Codable {
    public let run: RunID
    public let step: String
    public let title: String
    public let effect: Effect
    public let word: String
    @OrNull public var reading: String?
    @OrNull public var at: Timestamp?
    public let entries: [Int64]
  }

  public struct FollowUp: Sendable, Hashable, Codable {
    public let what: String
    @OrNull public var command: String?
  }

  /// Reads the incident from a journal.
  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader) throws { self.init(try IncidentFile(id, reader: reader)) }

  public init(_ file: IncidentFile) {
    let seeds = PostmortemSeeds(file)
    schemaVersion = ReportJSON.schemaVersion
    incident = IncidentLine(file.incident)
    status = "draft"
    summary = seeds.summary
    metrics = Metric.all(of: file.incident)
    targets = file.runs.flatMap(\.targets)
    changes = file.runs.flatMap(Self.changes)
    responders = ResponderLine.all(in: file)
    roleHistory = RoleLine.all(in: file.entries)
    escalations = EscalationLine.all(in: file.entries)
    actionItems = file.incident.followUps.map { FollowUpLine($0) }
    detection = seeds.detection
    timeline = Timeline.rows(of: file)
    runs = file.runs.map(Self.section)
    drills = file.runs.compactMap { file.drills[$0.id] }
    truth = Truth(file.runs)
    messages = file.messages.map(MessageLine.init)
    findings = Finding.all(in: file)
    wentWell = seeds.wentWell
    wentBadly = seeds.wentBadly
    followUps = seeds.followUps
    head = file.head
    firstEntry = file.entries[0].sequence
    entryCount = file.entries.count
    limits = RecordLimits.sentences
  }

  public func json() throws -> String { try ReportJSON.text(self) }

  private static func section(_ run: RunAccount) -> RunSection {
    RunSection(
      run: RunLine(run), params: run.start.params, prerequisites: run.start.prerequisites, digest: run.start.digest,
      handovers: run.handovers, cancellation: run.cancellation, steps: run.steps.map(StepDetail.init))
  }

  private static func changes(_ run: RunAccount) -> [Change] {
    run.steps.filter { $0.effect != .read && $0.changedSomething }.map { step in
      Change(
        run: run.id, step: step.id.rawValue, title: step.title, effect: step.effect, word: step.word,
        reading: step.record.check?.reading, at: step.record.started, entries: step.entries.map(\.sequence))
    }.sorted { ($0.at?.milliseconds ?? .max) < ($1.at?.milliseconds ?? .max) }
  }
}

/// What a hash chain on one machine cannot do, said wherever it is relied on.
enum RecordLimits {
  static let sentences = [
    "somebody who controls this machine, or the program, while it writes",
    "entries after the last anchor kept elsewhere, and a journal deleted whole where no anchor is kept",
    "people who say that something was done when it was not",
    "wrong clocks: the order is the order of entries, the times are this machine's",
    "effects of programs that Andon started but could not see",
  ]
}

extension StepAccount {
  fileprivate var changedSomething: Bool {
    switch record.state {
    case .done, .unknown, .running: !["wait", "set", "assert", "monitor", "notify"].contains(action)
    case .failed: record.check != nil
    default: false
    }
  }
}
