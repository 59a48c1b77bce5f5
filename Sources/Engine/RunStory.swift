public import IncidentModel
internal import Playbooks

/// A run as its journal entries tell it, over the text of its playbook as it was then.
public struct RunStory: Sendable {
  public let run: RunID
  /// The entries of this run, in order.
  public let entries: [Entry]
  public let state: RunState
  /// `nil` for a run outside any incident.
  public let incident: IncidentState?

  /// - Parameters:
  ///   - entries: everything recorded about the run.
  ///   - about: what its incident is made of, of other runs too; passed over where the run has none.
  ///   - playbookText: the recorded text of the playbook with a digest.
  public init(
    _ run: RunID, entries: [Entry], about: [Entry], playbookText: (_ digest: String) -> String?
  ) throws(RunStoryError) {
    self.run = run
    self.entries = entries
    guard case .runStarted(let start)? = entries.first(where: { $0.event.fact.kind == .runStarted })?.event.fact else {
      throw .noSuchRun(run)
    }
    guard let text = playbookText(start.digest) else {
      throw .unreadable(run, "the text of its playbook is not in the journal")
    }
    let loaded = PlaybookLoader(library: nil).loadRecorded(text: text, file: "\(start.playbook).yaml")
    guard let playbook = loaded.playbook else {
      throw .unreadable(run, "its playbook no longer loads: \(loaded.diagnostics.first?.headline ?? "")")
    }
    var state = RunState(playbook: playbook)
    do { for entry in entries { try state.apply(entry.event, sequence: entry.sequence) } } catch {
      throw .unreadable(run, error.description)
    }
    self.state = state
    incident = entries.first?.event.incident.map { id in
      var incident = IncidentState(id: id)
      for entry in about { incident.apply(entry.event) }
      return incident
    }
  }
}

/// Why the entries of a run do not tell its story.
public enum RunStoryError: Error, Sendable, Hashable {
  case noSuchRun(RunID)
  case unreadable(RunID, String)

  public var problem: Problem {
    switch self {
    case .noSuchRun(let run):
      Problem("there is no \(run) in this journal", advice: "andon history lists what there is.")
    case .unreadable(let run, let why):
      Problem("\(run) cannot be taken up: \(why)", advice: "andon journal verify checks the journal.")
    }
  }
}
