import Glibc
public import IncidentModel
import Synchronization

/// The two streams: records to standard output, prompts, progress and hints to standard error. Everything that
/// goes out passes the redactor, and foreign text is made visible before it gets here.
public final class Screen: Sendable {
  public let style: Style
  public let policy: TerminalPolicy
  private let redactor: Redactor
  private let quiet: Bool
  private let turn = Mutex(())

  public init(policy: TerminalPolicy, redactor: Redactor, quiet: Bool) {
    self.policy = policy
    self.redactor = redactor
    self.quiet = quiet
    style = Style(enabled: policy.colour)
  }

  /// A line of the record.
  public func record(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// A hint or progress; nothing under `--quiet`.
  public func hint(_ line: String) { if !quiet { write(line + "\n", to: STDERR_FILENO) } }

  /// A warning or an error: also under `--quiet`.
  public func warn(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// A question, without a line break.
  public func ask(_ prompt: String) { write(prompt, to: STDERR_FILENO) }

  private func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(redactor.redact(text).utf8)
    turn.withLock { _ in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        // A closed pipe ends the printing, never the run.
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
