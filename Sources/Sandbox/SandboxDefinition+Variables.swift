extension SandboxDefinition {
  /// True when every variable that the connections need is set: a sandbox of this kind runs already.
  public func isProvided(by environment: [String: String]) -> Bool {
    !variables.isEmpty && variables.keys.allSatisfy { environment[$0].map { !$0.isEmpty } ?? false }
  }
}
