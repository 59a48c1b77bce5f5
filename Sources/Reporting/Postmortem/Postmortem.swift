internal import Engine
public import IncidentModel
public import Journaling

/// Everything the report about an incident says, before it has a form. A pure function of the journal: the same
/// entries give the same report.
public struct Postmortem: Sendable, Hashable, Codable {
  public let schemaVersion: Int
  public let incident: IncidentLine
  /// Every severity it had, and for how long.
  public let severitySpans: [SeveritySpan]
  /// `draft`: people have not reviewed it.
  public let status: String
  /// Two or three sentences to begin with.
  public let summary: String
  public let metrics: [Metric]
  public let targets: [TargetLine]
  /// What was changed, in the order it was done.
  public let changes: [Change]
  /// What runs had read and kept before they changed anything.
  public let keptValues: [KeptValue]
  /// Who acted.
  public let responders: [ResponderLine]
  /// Who took which role, and when.
  public let roleHistory: [RoleLine]
  /// Who was called, or was to be.
  public let escalations: [EscalationLine]
  /// What people set down to do afterwards.
  public let actionItems: [FollowUpLine]
  public let detection: String
  /// What told us, as far as the record has it.
  public let signals: [String]
  public let timeline: [TimelineRow]
  /// The entries that the body of the report tells where the timeline is long.
  public let keyEntries: [Int64]
  /// What stood in the way, in the order of the timeline.
  public let obstacles: [Obstacle]
  public let runs: [RunSection]
  /// How its drills went; empty for a real incident.
  public let drills: [DrillScore]
  public let truth: Truth
  public let messages: [MessageLine]
  /// What people were given to post or to say.
  public let postsByHand: [PostByHand]
  public let findings: [Finding]
  public let wentWell: [String]
  public let wentBadly: [String]
  /// What nearly went wrong.
  public let lucky: [String]
  /// What people said of the impact while it went on.
  public let impact: [String]
  /// What the record leaves open.
  public let questions: [String]
  /// Incidents with something in common that were known by then; empty where they were not looked for.
  public let related: [RelatedIncident]
  public let links: [EvidenceLink]
  public let files: [EvidenceFile]
  public let followUps: [FollowUp]
  /// The last entry of the incident, by number and hash.
  public let head: HeadLine
  /// The number of its first entry, and how many it has.
  public let firstEntry: Int64
  public let entryCount: Int
  /// What the record does not protect against.
  public let limits: [String]

  /// Reads the incident from a journal.
  /// - Throws: `Problem` when there is no such incident; `JournalError` when the journal cannot be read.
  public init(_ id: IncidentID, reader: JournalReader) throws {
    let file = try IncidentFile(id, reader: reader)
    self.init(file, related: try RelatedIncident.all(before: file, reader: reader))
  }

  /// - Parameter related: incidents with something in common, which the entries of one incident do not tell.
  public init(_ file: IncidentFile, related: [RelatedIncident] = []) {
    let seeds = PostmortemSeeds(file)
    schemaVersion = ReportJSON.schemaVersion
    incident = IncidentLine(file.incident)
    status = file.incident.postmortem.rawValue
    summary = seeds.summary
    metrics = Metric.all(of: file.incident)
    targets = file.runs.flatMap(\.targets)
    changes = Self.changes(file.runs)
    keptValues = KeptValue.all(in: file.runs)
    severitySpans = SeveritySpan.all(in: file)
    responders = ResponderLine.all(in: file)
    roleHistory = RoleLine.all(in: file.entries)
    escalations = EscalationLine.all(in: file.entries)
    actionItems = file.incident.followUps.map { FollowUpLine($0) }
    detection = seeds.detection
    signals = seeds.signals
    timeline = Timeline.rows(of: file)
    keyEntries = Self.keyEntries(of: file, timeline)
    obstacles = Obstacle.all(in: file, timeline: timeline)
    runs = file.runs.map(Self.section)
    drills = file.runs.compactMap { file.drills[$0.id] }
    truth = Truth(file.runs)
    messages = file.messages.map(MessageLine.init)
    postsByHand = PostByHand.all(in: file.runs)
    findings = Finding.all(in: file)
    wentWell = seeds.wentWell
    wentBadly = seeds.wentBadly
    lucky = seeds.lucky
    impact = NoteTag.impact.notes(in: file.entries)
    questions = seeds.questions
    self.related = related
    links = EvidenceLink.all(in: file.entries)
    files = EvidenceFile.all(in: file.runs)
    followUps = seeds.followUps
    head = file.head
    firstEntry = file.entries[0].sequence
    entryCount = file.entries.count
    limits = RecordLimits.sentences
  }

  public func json() throws -> String { try ReportJSON.text(self) }
}
