/// Where something happens, so that nobody overlooks it.
enum PlaceText {
  /// `*** PRODUCTION ***`, `DRILL on sandbox`, or just the environment.
  static func of(_ environment: String, production: Bool, drill: Bool) -> String {
    if drill { return "DRILL on \(environment)" }
    guard production || environment == "production" else { return environment }
    return environment == "production" ? "*** PRODUCTION ***" : "*** PRODUCTION *** (\(environment))"
  }
}
