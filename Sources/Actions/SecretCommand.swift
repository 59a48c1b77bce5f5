public import IncidentModel

/// A program that prints a secret: `command: [pass, show, db]`. Its output is never written down.
public struct SecretCommand: Sendable {
  public let arguments: [String]

  public init(arguments: [String]) { self.arguments = arguments }

  /// The first line of what it prints. Waits five seconds at most.
  public func read() async throws(Failure) -> String {
    let name = arguments.first ?? "nothing"
    let request = CommandRequest(program: .arguments(arguments), timeLimit: .seconds(5))
    let mark = AttemptMark(run: RunID(number: 0), step: "secret", attempt: 1, idempotencyKey: "")
    let result = await CommandPerformer().perform(request, mark: mark, redactor: Redactor()) { _ in }
    if let failure = result.failure {
      // Its own words stay out: what it printed so far may be the secret.
      throw Failure(
        .notConfigured, "the secret command '\(name)' failed (\(failure.code.rawValue))",
        advice: "Run it by hand and see what it says.")
    }
    guard case .text(let text)? = result.outputs["stdout"],
      let line = text.split(whereSeparator: \.isNewline).first
    else {
      throw Failure(
        .notConfigured, "the secret command '\(name)' printed nothing", advice: "Run it by hand and see what it says.")
    }
    return String(line)
  }
}
