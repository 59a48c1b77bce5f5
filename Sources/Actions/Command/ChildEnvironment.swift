import IncidentModel

/// The environment of a child: a few of our own variables, what the step names, and the mark of the attempt.
/// Nothing else of ours reaches a child.
enum ChildEnvironment {
  /// What every child gets from us, where we have it.
  static let inherited = [
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSH_AUTH_SOCK",
  ]
  static let markName = "ANDON_MARK"
  static let keyName = "ANDON_IDEMPOTENCY_KEY"

  /// What tells the processes of an attempt from all others, as it stands in their environment.
  static func marks(_ mark: AttemptMark) -> [String] {
    ["\(markName)=\(mark.text)", "\(keyName)=\(mark.idempotencyKey)"]
  }

  /// Secrets are opened here, on their way into the child, and nowhere before.
  static func variables(
    for request: CommandRequest, mark: AttemptMark, ours: [String: String]
  ) throws(Failure) -> [String: String] {
    var variables = ours.filter { inherited.contains($0.key) }
    for (name, value) in request.environment { variables[name] = value }
    for (name, secret) in request.secretEnvironment { variables[name] = secret.reveal { $0 } }
    variables[markName] = mark.text
    variables[keyName] = mark.idempotencyKey
    for (name, value) in variables { try check(name, value) }
    return variables
  }

  private static func check(_ name: String, _ value: String) throws(Failure) {
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "=")), !name.utf8.contains(0) else {
      throw Failure(.badValue, "'\(name)' cannot be the name of an environment variable")
    }
    guard !value.utf8.contains(0) else {
      throw Failure(
        .badValue, "the environment variable '\(name)' would hold a NUL character, which no program can read")
    }
  }
}
