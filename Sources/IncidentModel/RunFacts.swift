/// A run is to go on in the hands of somebody else. Whoever drives it lets go of it.
public struct RunHandover: Sendable, Hashable, Codable {
  /// Who is to take it up.
  public var person: String
  /// What they should know.
  public var why: String?

  public init(person: String, why: String? = nil) {
    self.person = person
    self.why = why
  }
}

/// A run is to end without doing the rest of it.
public struct RunCancellation: Sendable, Hashable, Codable {
  /// True: do not wait for the step that is running.
  public var now: Bool
  public var why: String?

  public init(now: Bool, why: String? = nil) {
    self.now = now
    self.why = why
  }
}

/// One sample of a `monitor` step. Written as it is taken, so that a watch goes on where it was left.
public struct StepSample: Sendable, Hashable, Codable {
  /// Counts from 1, over all processes that watched.
  public var number: Int
  /// How long somebody has watched by then; gaps between processes are not watched.
  public var watchedMilliseconds: Int64
  public var value: Value?
  /// What was read, or why nothing could be.
  public var reading: String
  /// True when the sample could not be taken.
  public var missed: Bool

  public init(number: Int, watchedMilliseconds: Int64, value: Value?, reading: String, missed: Bool) {
    self.number = number
    self.watchedMilliseconds = watchedMilliseconds
    self.value = value
    self.reading = reading
    self.missed = missed
  }
}

/// A step that was done has been taken back by its `undo`.
public struct StepRollback: Sendable, Hashable, Codable {
  /// The step or the run that took it back.
  public var by: String

  public init(by: String) { self.by = by }
}
