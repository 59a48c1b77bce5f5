internal import Engine
internal import IncidentModel
public import Journaling
internal import Playbooks

/// What figures over all incidents of a journal are made of, read once.
public struct FigureRecord: Sendable {
  /// Drills too; whoever counts leaves them out.
  let incidents: [IncidentState]
  let runs: [RunFigure]
  /// When a follow-up was said to be done or dropped last, by incident and number.
  let followUpEnds: [IncidentID: [Int: Timestamp]]
  /// The entries that tell of incidents alone: what lists of duties need.
  public let register: Register
  private let reader: JournalReader

  private static let incidentKinds: Set<Fact.Kind> = [
    .incidentOpened, .severityChanged, .milestoneReached, .incidentEdited, .followUpRecorded,
  ]

  /// - Throws: `JournalError` when the journal cannot be read.
  public init(reader: JournalReader) throws(JournalError) {
    let entries = try reader.lifecycle(Self.incidentKinds)
    register = Register(entries)
    incidents = register.incidents
    runs = try RunFigure.all(reader)
    var ends: [IncidentID: [Int: Timestamp]] = [:]
    for entry in entries {
      guard case .followUpRecorded(let followUp) = entry.event.fact, let incident = entry.event.incident else {
        continue
      }
      ends[incident, default: [:]][followUp.number] = followUp.status == .open ? nil : entry.event.at
    }
    followUpEnds = ends
    self.reader = reader
  }

  /// How some runs went along, in the order they were started.
  func courses(of runs: [RunFigure]) throws(JournalError) -> [RunCourse] {
    RunCourse.all(in: try reader.traces(of: runs.map(\.id)))
  }

  /// The playbooks with some digests, as they were run; what does not load any more is left out.
  func playbooks(_ digests: Set<String>) throws(JournalError) -> [String: Playbook] {
    if digests.isEmpty { return [:] }
    let texts = try reader.excerpts(
      ["$.details.digest", "$.details.playbook", "$.details.text"], of: [.playbookRecorded])
    var playbooks: [String: Playbook] = [:]
    for text in texts.map(\.members) {
      guard let digest = text[0], digests.contains(digest), playbooks[digest] == nil else { continue }
      playbooks[digest] =
        PlaybookLoader(library: nil).loadRecorded(text: text[2] ?? "", file: "\(text[1] ?? "").yaml").playbook
    }
    return playbooks
  }
}
