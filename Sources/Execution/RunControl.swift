import IncidentModel
import Synchronization

/// The hand brake of a run that this process drives: calls off what is running, or takes a question from the screen.
public final class RunControl: Sendable {
  private struct State {
    var steps: [StepID: Task<[Fact], Never>] = [:]
    var calledOff: Set<StepID> = []
    var questions: [Int: @Sendable () -> Void] = [:]
    var lastQuestion = 0
  }

  private let state = Mutex(State())

  public init() {}

  /// True while a step is in the hands of the world rather than of a person.
  public var isStepRunning: Bool { state.withLock { !$0.steps.isEmpty } }

  /// True while steps that were called off have not ended yet.
  public var isStopping: Bool { state.withLock { state in state.steps.keys.contains { state.calledOff.contains($0) } } }

  /// Calls off every step that runs; each ends in its own time and says what came of it.
  public func stopSteps() {
    let tasks = state.withLock { state in
      state.calledOff.formUnion(state.steps.keys)
      return Array(state.steps.values)
    }
    for task in tasks { task.cancel() }
  }

  /// Takes the question from the screen; its answer is then to leave.
  func dismissQuestion() {
    let dismissals = state.withLock { Array($0.questions.values) }
    for dismiss in dismissals { dismiss() }
  }

  /// Makes a step in such a way that `stopSteps` reaches it.
  func performing(_ step: StepID, _ body: @escaping @Sendable () async -> [Fact]) async -> [Fact] {
    let task = Task(operation: body)
    state.withLock { state in
      state.steps[step] = task
      state.calledOff.remove(step)
    }
    defer { state.withLock { _ = $0.steps.removeValue(forKey: step) } }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// True once for a step that `stopSteps` has called off.
  func takeCalledOff(_ step: StepID) -> Bool { state.withLock { $0.calledOff.remove(step) != nil } }

  /// Asks in such a way that `dismissQuestion` reaches it.
  func asking<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
    let task = Task(operation: body)
    let number = state.withLock { state in
      state.lastQuestion += 1
      state.questions[state.lastQuestion] = { task.cancel() }
      return state.lastQuestion
    }
    defer { state.withLock { _ = $0.questions.removeValue(forKey: number) } }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }
}
