public import IncidentModel
import Journaling

/// How long the steps of a playbook took in earlier runs of the same kind, drills apart from real ones.
public struct StepHistory: Sendable, Hashable {
  /// How often a step was done, and the median of how long it took.
  public struct Usual: Sendable, Hashable {
    public let runs: Int
    public let median: Duration
  }

  public static let none = StepHistory(usual: [:])

  private let usual: [StepID: Usual]

  public subscript(step: StepID) -> Usual? { usual[step] }

  private init(usual: [StepID: Usual]) { self.usual = usual }

  /// Looks at the last runs only: what a step took a year ago tells little about tonight.
  private static let runsLookedAt = 20

  init(of playbook: String, drill: Bool, before run: RunID, reader: JournalReader) throws(JournalError) {
    let earlier = try reader.lifecycle([.runStarted]).filter { entry in
      guard case .runStarted(let start) = entry.event.fact, let id = entry.event.run else { return false }
      return start.playbook == playbook && start.drill == drill && id != run
    }
    var durations: [StepID: [Int64]] = [:]
    for id in earlier.suffix(Self.runsLookedAt).compactMap(\.event.run) {
      var begun: [StepID: Event] = [:]
      for event in try reader.entries(of: id).map(\.event) {
        guard let step = event.step else { continue }
        switch event.fact {
        case .stepIntended: begun[step] = event
        case .stepFinished(let end) where end.state == .done:
          if let start = begun[step], start.bootID == event.bootID {
            durations[step, default: []].append(event.boot - start.boot)
          }
        default: break
        }
      }
    }
    usual = durations.mapValues { times in
      Usual(runs: times.count, median: .milliseconds(times.sorted()[times.count / 2]))
    }
  }
}
