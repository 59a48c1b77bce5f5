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

  var openRuns: [RunID] { newestFirst { try reader.openRuns() } }
  var runs: [RunID] { openRuns + rest(of: newestFirst { try reader.allRuns() }, but: openRuns) }

  /// Playbooks that are armed anywhere. One whose time is over can be disarmed too; it does no harm.
  var armed: [String] {
    let entries = (try? reader.lifecycle(ArmedPlaybooks.kinds)) ?? []
    let all = ArmedPlaybooks(entries.map(\.event)).all(at: Timestamp(milliseconds: 0))
    return Set(all.map(\.terms.playbook)).sorted()
  }

  var openIncidents: [IncidentID] { newestFirst { try reader.openIncidents() } }
  var incidents: [IncidentID] {
    openIncidents + rest(of: newestFirst { try reader.allIncidents() }, but: openIncidents)
  }

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

  private func newestFirst<ID>(_ look: () throws -> [ID]) -> [ID] { ((try? look()) ?? []).reversed() }

  private func rest<ID: Hashable>(of all: [ID], but open: [ID]) -> [ID] {
    let open = Set(open)
    return all.filter { !open.contains($0) }
  }
}
