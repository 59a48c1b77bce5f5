public import Engine
internal import Execution
public import IncidentModel
import Synchronization

/// What earlier runs let one expect of the runs that this process drives. Looked up once for each, and not before
/// something takes so long that somebody wants to know: never in the way of an effect.
final class Expectations: Sendable {
  private struct Known {
    let since: Timestamp
    /// `nil` until it was looked up.
    var earlier: EarlierRuns?
  }

  private let look: @Sendable (RunState) -> EarlierRuns
  private let known = Mutex<[RunID: Known]>([:])
  private let told = Mutex<Set<RunID>>([])

  init(_ look: @escaping @Sendable (RunState) -> EarlierRuns) { self.look = look }

  /// From now on somebody drives the run.
  func began(_ run: RunID, at moment: Timestamp) {
    known.withLock { $0[run] = Known(since: moment, earlier: $0[run]?.earlier) }
  }

  func forecast(of state: RunState, at now: ClockReading) -> Forecast? {
    guard let run = state.run, let known = known.withLock({ $0[run] }) else { return nil }
    let earlier = known.earlier ?? look(state)
    if known.earlier == nil { self.known.withLock { $0[run]?.earlier = earlier } }
    return state.forecast(earlier, since: known.since, at: now)
  }

  /// True the first time that it is asked for a run.
  func isNews(of run: RunID) -> Bool { told.withLock { $0.insert(run).inserted } }
}
