extension EnvironmentFile {
  /// The same, with what depends on the variables at hand decided: of a connection with `postgres` and `sqlite` the
  /// one is left whose variable is set, and `rehearse: unset` holds where a variable of the connection is not.
  public func settled(by variables: [String: String]) -> EnvironmentFile {
    var file = self
    file.connections = connections.map { $0.settled(by: variables) }
    return file
  }
}

extension ConnectionBinding {
  fileprivate func settled(by variables: [String: String]) -> ConnectionBinding {
    func isSet(_ reference: Reference?) -> Bool {
      guard case .env(let name)? = reference else { return reference != nil }
      return variables[name].map { !$0.isEmpty } ?? false
    }
    var binding = self
    if let (postgres, sqlite) = field("postgres").flatMap({ first in field("sqlite").map { (first, $0) } }) {
      let left = !isSet(postgres) && isSet(sqlite) ? "postgres" : "sqlite"
      binding.fields.removeAll { $0.name == left }
    }
    if field("rehearse") == .literal("unset") {
      let isComplete = binding.fields.allSatisfy { isSet($0.reference) }
      binding.fields.removeAll { $0.name == "rehearse" }
      if !isComplete { binding.fields.append((name: "rehearse", reference: .literal("true"))) }
    }
    return binding
  }
}
