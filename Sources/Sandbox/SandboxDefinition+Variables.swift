extension SandboxDefinition {
  /// True when a sandbox of this kind runs already: every variable is set, and of those that name a database
  /// those of one kind.
  public func isProvided(by environment: [String: String]) -> Bool {
    let missing = variables.filter { environment[$0.key]?.isEmpty ?? true }.values
    return !variables.isEmpty
      && DatabasePlace.names.contains { kind in
        missing.allSatisfy { text in DatabasePlace.names.contains { $0 != kind && text.contains($0) } }
      }
  }

  /// The environment without what another sandbox has left in it, and with the variables of this one.
  public func environment(_ environment: [String: String], of sandbox: RunningSandbox) -> [String: String] {
    environment.filter { variables[$0.key] == nil }.merging(sandbox.variables) { _, new in new }
  }

  /// Those that speak of the other database are left out.
  func variables(standingFor places: [String: String]) -> [String: String] {
    variables.filter { _, text in !DatabasePlace.names.contains { text.contains($0) && places[$0] == nil } }
      .mapValues { text in places.reduce(text) { $0.replacing($1.key, with: $1.value) } }
  }
}
