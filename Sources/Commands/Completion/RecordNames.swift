internal import Engine
internal import IncidentModel
internal import Journaling
internal import Playbooks

/// What a shell may offer of the journal: the newest first, and before them what is still open.
struct RecordNames {
  private let reader: JournalReader

  /// `nil` when there is no journal, or none that can be read: nobody asked for an error.
  init?(stateDirectory: String) {
    guard let reader = try? JournalReader(directory: stateDirectory) else { return nil }
    self.reader = reader
  }

  var openRuns: [RunID] { allRuns.filter(\.isOpen).map(\.id) }
  var runs: [RunID] { openRuns + allRuns.filter { !$0.isOpen }.map(\.id) }

  /// Playbooks that are armed anywhere. One whose time is over can be disarmed too; it does no harm.
  var armed: [String] {
    let entries = (try? reader.lifecycle(ArmedPlaybooks.kinds)) ?? []
    let all = ArmedPlaybooks(entries.map(\.event)).all(at: Timestamp(milliseconds: 0))
    return Set(all.map(\.terms.playbook)).sorted()
  }

  var openIncidents: [IncidentID] { allIncidents.filter { $0.status != "closed" }.map(\.id) }
  var incidents: [IncidentID] { openIncidents + allIncidents.filter { $0.status == "closed" }.map(\.id) }

  /// The steps of the run that a line names, from the playbook as it was when it was run.
  func steps(namedBy words: [String]) -> [String] {
    guard let run = words.lazy.compactMap({ RunID($0) }).first,
      let entries = try? reader.entries(of: run),
      case .runStarted(let start) = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact,
      let text = try? reader.playbookText(digest: start.digest)
    else { return [] }
    let file = "\(start.playbook).yaml"
    return PlaybookLoader(library: nil).loadRecorded(text: text, file: file).playbook?.stepNames ?? []
  }

  private var allRuns: [(id: RunID, isOpen: Bool)] {
    let entries = (try? reader.lifecycle([.runStarted, .runFinished])) ?? []
    let finished = Set(entries.filter { $0.event.fact.kind == .runFinished }.compactMap(\.event.run))
    let started = Set(entries.compactMap(\.event.run)).sorted(by: >)
    return started.map { ($0, !finished.contains($0)) }
  }

  private var allIncidents: [IncidentState] {
    let entries = (try? reader.lifecycle([.incidentOpened, .milestoneReached])) ?? []
    return IncidentState.all(in: entries.map(\.event)).reversed()
  }
}
