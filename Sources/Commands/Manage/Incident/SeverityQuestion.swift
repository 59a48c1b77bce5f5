internal import Console
internal import IncidentModel
internal import Playbooks

/// How bad it is: as the flags say, or else as the person at the terminal answers.
struct SeverityQuestion {
  let assembly: Assembly
  /// `--severity` and `--why` as they were typed.
  let severity: String?
  let why: String?

  struct Answer {
    let severity: Severity
    /// The rule that fired, or the reason that was given; `nil` when only a severity was.
    let why: String?
  }

  /// - Throws: exit 2 when the person leaves; exit 64 when nobody can be asked.
  func answer() async throws -> Answer {
    let reason = try why.map { try TypedText.line($0, "--why") }
    if let severity { return Answer(severity: try Severity(typed: severity), why: reason) }
    guard assembly.screen.policy.canPrompt else {
      throw CommandFailure(
        .usage, "how bad it is has to be said without a terminal", advice: "Add --severity P0 (the worst) to P3.")
    }
    let scale: SeverityScale
    do { scale = try assembly.library.severityScale() } catch {
      throw CommandFailure(
        .configuration, "the questions cannot be asked: \(error.message)",
        advice: "Say it yourself with --severity P0 (the worst) to P3.")
    }
    guard let verdict = await SeverityInterview(screen: assembly.screen).ask(scale) else { throw Self.left(assembly) }
    return Answer(severity: verdict.severity, why: try reason ?? TypedText.line(verdict.why, "the reason"))
  }

  /// Asks until somebody types a line that can be recorded.
  /// - Parameter name: what it is, for messages: `the title`.
  /// - Throws: exit 2 when the person leaves.
  static func line(_ question: String, _ name: String, _ assembly: Assembly) async throws -> String {
    while true {
      guard let typed = await Keyboard().answer(to: "\(question) (q leaves) ", on: assembly.screen) else {
        throw left(assembly)
      }
      do {
        let line = try TypedText.line(typed, name)
        if line == "q" { throw left(assembly) }
        return line
      } catch let failure as CommandFailure {
        assembly.screen.hint("(\(failure.problem.message); nothing was recorded)")
      }
    }
  }

  /// Somebody left a question, or the input ended.
  static func left(_ assembly: Assembly) -> Ending {
    assembly.screen.hint("\nleft; nothing was recorded")
    return Ending(.stopped)
  }
}
