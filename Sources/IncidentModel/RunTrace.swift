/// An entry of a run with no more of it than durations are made of: what happened to which step, when, and one word.
public struct RunTrace: Sendable, Hashable {
  /// The kinds that tell how a run went along.
  public static let kinds: Set<Fact.Kind> = [
    .runStarted, .runResumed, .runParked, .runFinished, .stepIntended, .stepAsked, .stepFinished, .stepSkipped,
    .stepChosen, .stepRolledBack, .targetJudged,
  ]

  public let run: RunID
  public let kind: Fact.Kind
  public let step: StepID?
  /// CLOCK_BOOTTIME in milliseconds, and which start of the machine it counts from.
  public let boot: Int64
  public let bootID: String
  /// The state of a step that finished, the cause of a skip, what a person chose, the name of a target, the phase in
  /// which a run ended; else empty.
  public let word: String
  /// A step finished, and the engine was going to try it again.
  public let isRetrying: Bool
  /// A step finished, and its check passed.
  public let isVerified: Bool

  public init(
    run: RunID, kind: Fact.Kind, step: StepID?, boot: Int64, bootID: String, word: String = "",
    isRetrying: Bool = false, isVerified: Bool = false
  ) {
    self.run = run
    self.kind = kind
    self.step = step
    self.boot = boot
    self.bootID = bootID
    self.word = word
    self.isRetrying = isRetrying
    self.isVerified = isVerified
  }
}
