public import IncidentModel
public import Playbooks

/// The person who drives an attended run, wherever they sit.
public protocol Operator: Sendable {
  /// Before a step that changes something.
  func approve(_ offer: StepOffer) async -> Approval
  /// A manual step.
  func answer(_ question: StepQuestion, of step: Step) async -> Answer
  /// After a step that did not go well.
  func choose(_ step: Step, _ end: StepEnd) async -> Choice
}

/// What is about to happen, for a person to decide on.
public struct StepOffer: Sendable {
  public let step: Step
  public let intent: StepIntent
  /// The word to type, for `destructive` steps.
  public let word: String?
}

public enum Approval: Sendable, Hashable {
  case run
  case skip(reason: String)
  case stop
  /// Leave the run open and come back later.
  case leave
}

public enum Answer: Sendable, Hashable {
  case done(Value)
  case cannot(reason: String)
  case skip(reason: String)
  case leave
}

public enum Choice: Sendable, Hashable {
  case made(StepChoice)
  case leave
}

/// Sees what is recorded as it is recorded, and progress in between.
public protocol RunObserver: Sendable {
  func recorded(_ event: Event)
  /// The last line of output of a step that is running.
  func progress(_ step: StepID, _ line: String)
}
