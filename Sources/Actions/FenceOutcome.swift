/// What came of ending whatever a dead or timed-out attempt may have left running.
public enum FenceOutcome: Sendable, Hashable {
  /// Nothing of the attempt runs any more, so a check may now be believed. Says what was found and ended.
  case clear(String)
  /// Something may still be running. Says why that could not be ruled out.
  case unconfirmed(String)
}
