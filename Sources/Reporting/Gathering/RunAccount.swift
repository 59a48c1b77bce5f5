public import Engine
public import IncidentModel
public import Playbooks

/// A run as far as its entries tell it, even where its playbook cannot be read any more.
///
/// A report must not fail because a playbook does: what is missing is said in `gap`.
public struct RunAccount: Sendable {
  public let id: RunID
  /// The entries of this run, in order. Never empty.
  public let entries: [Entry]
  public let start: RunStart
  /// The person or program that started it.
  public let actor: String
  public let state: RunState
  /// Every step that acts, in the order of the playbook.
  public let steps: [StepAccount]
  /// What of the record could not be used, and why; `nil` when all of it could.
  public let gap: String?

  /// - Parameters:
  ///   - all: everything recorded about the run, or about its incident: other runs are passed over.
  ///   - playbook: the playbook as it was run; `nil` if it cannot be read.
  public init(_ id: RunID, entries all: [Entry], playbook: Playbook?) throws(RunStoryError) {
    let entries = all.filter { $0.event.run == id }
    guard let first = entries.first(where: { $0.event.fact.kind == .runStarted }),
      case .runStarted(let start) = first.event.fact
    else { throw .noSuchRun(id) }
    var gap = playbook == nil ? "the text of its playbook cannot be read; only steps with entries are listed" : nil
    var state = RunState(playbook: playbook ?? Playbook(tracedFrom: entries, start: start))
    for entry in entries {
      do { try state.apply(entry.event, sequence: entry.sequence) } catch { gap = gap ?? error.description }
    }
    self.id = id
    self.entries = entries
    self.start = start
    actor = first.event.actor
    self.state = state
    self.gap = gap
    steps = StepAccount.all(in: state, entries: entries)
  }

  public var isOver: Bool { state.phase.isOver }

  /// Attended or not, the last event of a run is when it was last heard of.
  public var lastEvent: Event { entries[entries.count - 1].event }

  /// From the start to the end, or to the last entry of a run that is not over.
  public var elapsed: Elapsed {
    let end = entries.last { $0.event.fact.kind == .runFinished }?.event
    return Elapsed(from: entries[0].event, to: isOver ? end ?? lastEvent : lastEvent)
  }

  /// The exit code of the process that brought the run here; `nil` while it runs.
  public var exitCode: Int? {
    switch state.phase {
    case .running: nil
    case .waiting: state.hasFailed ? 1 : wasParkedWithoutJournal ? 3 : 4
    case .done: state.isDegraded ? 3 : 0
    case .failed: 1
    case .stopped, .cancelled: 2
    }
  }

  /// Nobody has taken it up since it went on without the journal.
  private var wasParkedWithoutJournal: Bool {
    entries.last { [.runDegraded, .runResumed].contains($0.event.fact.kind) }?.event.fact.kind == .runDegraded
  }

  /// The clocks of the playbook, judged or not, in the order of the playbook.
  public var targets: [TargetLine] {
    let named = state.playbook.targets.map(\.name)
    let unnamed = state.targets.keys.filter { !named.contains($0) }.sorted()
    return (named + unnamed).compactMap { name in
      let entry = entries.last {
        if case .targetJudged(let judgement) = $0.event.fact { judgement.target == name } else { false }
      }
      let limit = state.playbook.targets.first { $0.name == name }?.limit
      return TargetLine(name: name, run: id, limit: limit, judgement: state.targets[name], entry: entry, isOver: isOver)
    }
  }
}

extension Playbook {
  /// Stands in for a playbook that cannot be read: its steps as far as `entries` name them.
  init(tracedFrom entries: [Entry], start: RunStart) {
    var steps: [Step] = []
    var known: Set<StepID> = []
    for entry in entries {
      // Groups leave traces too, but do not act; their made-up ids hold a bracket.
      guard let id = entry.event.step, entry.event.fact.isAboutActing, !id.rawValue.contains("["),
        known.insert(id).inserted
      else { continue }
      let place = SourceLocation(file: "\(start.playbook).yaml", line: 1, column: 1)
      steps.append(Step(id: id, action: .wait(.zero), effect: .write, location: place))
    }
    let source = PlaybookSource(file: "\(start.playbook).yaml", text: "", digest: start.digest)
    self.init(id: start.playbook, name: start.name, steps: steps, source: source)
  }
}

extension Fact {
  fileprivate var isAboutActing: Bool {
    switch self {
    case .stepIntended, .stepActed, .stepChecked, .stepFinished, .stepSkipped, .stepAsked, .stepAnswered, .stepChosen,
      .stepSampled, .stepRolledBack:
      true
    default: false
    }
  }
}
