public import IncidentModel

/// What the journal says of one step so far.
public struct StepRecord: Sendable, Hashable {
  public var state: StepState = .pending
  /// `nil` until an attempt has ended.
  public var verification: Verification?
  /// Why it is not done, or not verified.
  public var reason: String?
  /// How often its action was started.
  public var attempts = 0
  /// The name with its templates resolved, once it was.
  public var title: String?
  public var effect: Effect?
  public var preview: [String] = []
  public var act: StepAct?
  public var check: StepCheck?
  public var question: StepQuestion?
  public var answer: Value?
  public var registered: [String: Value] = [:]
  /// True when a person skipped it, or said it was done by hand or to go on without it.
  public var overridden = false
  public var skipCause: StepSkip.Cause?
  public var branch: Bool?
  /// The last samples of a `monitor` step.
  public var samples: [StepSample] = []
  /// True once its `undo` has taken it back.
  public var rolledBack = false
  public var started: Timestamp?
  public var ended: Timestamp?
  /// The numbers of the journal entries about it: its evidence.
  public var entries: [Int64] = []

  public init() {}

  static let keptSamples = 5

  /// True when something of it may stand in the world.
  public var mayHaveTakenEffect: Bool {
    switch state {
    case .done, .unknown: true
    case .failed: act != nil
    default: false
    }
  }

  /// As before its first attempt; what was recorded of it stays its evidence.
  var begunAgain: StepRecord {
    var record = StepRecord()
    (record.attempts, record.entries) = (attempts, entries)
    return record
  }

  /// True when it did not come to a good end and nobody decided to go on all the same.
  public var isBad: Bool { (state == .failed || state == .unknown) && !overridden }

  /// From the first start to the last end.
  public var duration: Duration? {
    guard let started, let ended else { return nil }
    return ended - started
  }

  /// What expressions see under `steps.ID`. A step that did not run has no outputs.
  var value: Value {
    var members: [String: Value] = ["state": .text(state.rawValue)]
    if let verification { members["verification"] = .text(verification.rawValue) }
    if let answer { members["answer"] = answer }
    for (name, output) in act?.outputs ?? [:] { members[name] = output }
    for (name, output) in registered { members[name] = output }
    return .map(members)
  }
}
