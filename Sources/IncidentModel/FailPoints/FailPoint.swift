/// Named places in front of and behind everything that can go wrong, at which a test makes this program fail:
/// `ANDON_FAIL_POINTS='journal.before-commit=crash@2'`, in the language of `FailPlan`.
///
/// Only debug builds have them. In a release build all of this is nothing: no name, no variable, no branch.
public enum FailPoint {
  /// Passes the place, or throws what would be thrown there by itself; `natural` makes that of the reason.
  @inlinable @inline(__always)
  public static func pass<Failure: Error>(_ name: StaticString, _ natural: (String) -> Failure) throws(Failure) {
    #if FAIL_POINTS
      if let reason = FailPlan.reason(at: name) { throw natural(reason) }
    #endif
  }

  /// Why this place fails now; `nil`: it does not. For places that report instead of throwing.
  @inlinable @inline(__always)
  public static func reason(at name: StaticString) -> String? {
    #if FAIL_POINTS
      return FailPlan.reason(at: name)
    #else
      return nil
    #endif
  }

  /// Passes a place where nothing can fail, but where the process can die or be late.
  @inlinable @inline(__always)
  public static func reach(_ name: StaticString) {
    #if FAIL_POINTS
      _ = FailPlan.reason(at: name)
    #endif
  }
}
