extension StepEnd {
  /// Why a step is done and not verified that was only shown, because nothing stands in for what it needs.
  public static let rehearsed = "rehearsed: shown, not run"
}
