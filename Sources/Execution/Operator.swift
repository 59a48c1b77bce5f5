public import Engine
public import IncidentModel
public import Playbooks

/// The person who drives an attended run, wherever they sit.
///
/// Every method asks one question and may say `.record` first, as often as it likes: the facts are written and the same
/// question is asked again. When the task is cancelled the question is taken from the screen and means `.leave`.
public protocol Operator: Sendable {
  /// Something that must be so before a playbook starts; `nil`: no answer.
  func affirm(_ prerequisite: Prerequisite, of playbook: Playbook) async -> Bool?
  /// Before a kill switch that is run as part of another playbook: one word for everything it does; `nil`: no answer.
  func confirm(_ playbook: Playbook, _ findings: [DryRun.Finding], _ scene: Scene) async -> Bool?
  /// Before a step that changes something.
  func approve(_ offer: StepOffer, _ scene: Scene) async -> Approval
  /// A step that a person has to do or answer.
  func answer(_ question: StepQuestion, of step: Step, _ scene: Scene) async -> Answer
  /// After a step that did not go well.
  func choose(_ trouble: StepTrouble, _ scene: Scene) async -> Choice
  /// A step whose end nobody saw, and which the check says took effect.
  func settle(_ trouble: StepTrouble, _ check: StepCheck, _ scene: Scene) async -> Settlement
}

/// What is about to happen, for a person to decide on.
public struct StepOffer: Sendable {
  public let step: Step
  public let intent: StepIntent
  /// The word to type, for `destructive` steps.
  public let word: String?
  /// What its check reads now, before anything was done.
  public let now: String?
  /// Why it is asked about although it needs no agreement: it was called off before.
  public let note: String?
}

/// A step that did not go well, for a person to decide on.
public struct StepTrouble: Sendable {
  public let step: Step
  public let record: StepRecord
  /// Steps that can be taken back, the last one first.
  public let reversible: [Step]
}

public enum Approval: Sendable, Hashable {
  case run
  case skip(reason: String)
  case stop(reason: String)
  /// Leave the run open and come back later.
  case leave
  case record([Fact])
}

public enum Answer: Sendable, Hashable {
  /// With what else there is to record.
  case done(StepAnswer, also: [Fact])
  case cannot(reason: String)
  case skip(reason: String)
  case stop(reason: String)
  case leave
  case record([Fact])
}

public enum Choice: Sendable, Hashable {
  case made(StepChoice)
  /// Take this step back first.
  case rollBack(StepID)
  case leave
  case record([Fact])
}

public enum Settlement: Sendable, Hashable {
  /// It is done, with the check as evidence.
  case accept
  case runAgain
  case leave
  case record([Fact])
}

/// Sees what is recorded as it is recorded, and progress in between.
public protocol RunObserver: Sendable {
  /// This process drives the run from here on.
  func drives(_ state: RunState)
  func recorded(_ event: Event)
  /// The last line of output of a step that is running.
  func progress(_ step: StepID, _ line: String)
  /// The world is asked what became of a step whose end nobody saw. That may take as long as its check.
  func asksWorld(about title: String)
}

extension RunObserver {
  public func drives(_ state: RunState) {}
  public func asksWorld(about title: String) {}
}
