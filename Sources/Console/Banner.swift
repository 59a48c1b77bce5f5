/// Where something is about to happen, so that nobody overlooks it.
enum Banner {
  /// `*** PRODUCTION ***`, or `DRILL in sandbox`.
  static func text(_ environment: String, drill: Bool) -> String {
    drill ? "DRILL in \(environment)" : "*** \(environment.uppercased()) ***"
  }
}
