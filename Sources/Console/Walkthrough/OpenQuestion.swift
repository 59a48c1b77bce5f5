import Engine
import Execution
import IncidentModel
import Synchronization

/// The question that a person left for a moment, for a note or a call: it stands on the screen already, and what was
/// ticked stays ticked.
final class OpenQuestion: Sendable {
  private struct Place: Hashable {
    let run: RunID?
    let step: StepID
    let record: StepRecord

    init(_ step: StepID, _ scene: Scene) {
      (run, self.step, record) = (scene.state.run, step, scene.state.record(of: step))
    }
  }

  private struct State {
    var place: Place?
    var ticked = 0
  }

  private let state = Mutex(State())

  /// - Parameter ticked: how many items of its list hold.
  func leave(_ step: StepID, _ scene: Scene, ticked: Int = 0) {
    state.withLock { $0 = State(place: Place(step, scene), ticked: ticked) }
  }

  /// How many items were ticked before the aside; `nil` when this is another question, or there is something new to it.
  func takeUp(_ step: StepID, _ scene: Scene) -> Int? {
    state.withLock { state in
      defer { state = State() }
      return state.place == Place(step, scene) ? state.ticked : nil
    }
  }
}
