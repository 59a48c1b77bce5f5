import Engine
import IncidentModel

extension RunStory {
  /// The process that began each step last: the one that is lost, where the step has no outcome.
  var begunBy: [StepID: RunOwner] {
    var (owner, begun) = (RunOwner?.none, [StepID: RunOwner]())
    for event in entries.map(\.event) {
      switch event.fact {
      case .runStarted(let start): owner = start.owner
      case .runResumed(let resumption): owner = resumption.owner
      case .stepIntended: if let step = event.step { begun[step] = owner }
      default: break
      }
    }
    return begun
  }
}
