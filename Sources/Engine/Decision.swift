public import IncidentModel
public import Playbooks

/// What comes next in a run. The engine decides, somebody else does it and records it.
public enum Decision: Sendable {
  /// Make attempt number `attempt` of the step.
  case start(Step, attempt: Int)
  /// Its condition is false.
  case skip(Step, reason: String)
  /// Its condition has no value: it cannot be started.
  case refuse(Step, reason: String)
  /// Record which branch of an `if` is taken.
  case choose(Step, taken: Bool)
  /// Judge the clock that the finished step or group names.
  case judge(Target, Step)
  /// A person must say how to go on after this step did not go well.
  case ask(Step)
  /// Nothing can go on without a person.
  case park(reason: String)
  case finish(RunPhase, reason: String?)
}
