import Glibc

/// What this process may do with its terminal: colour, prompts, width. Decided once, from the streams and the
/// usual variables.
public struct TerminalPolicy: Sendable {
  /// Somebody can be asked: both the keyboard and the screen are a terminal, and nothing forbids it.
  public let canPrompt: Bool
  public let colour: Bool
  /// One line may be rewritten in place: a terminal that obeys cursor movement, and nobody who is helped by its absence.
  public let isLive: Bool
  /// In columns; at least 20.
  public let width: Int
  /// Of the standard output, in columns; no limit where it is no terminal, so that lines stay whole.
  public let recordWidth: Int
  /// In rows.
  public let height: Int

  /// - Parameters:
  ///   - plain: `--plain`: no colour.
  ///   - forbidsInput: `--no-input`, or an output for machines.
  public init(environment: [String: String], plain: Bool, noColor: Bool, forbidsInput: Bool) {
    let input = isatty(STDIN_FILENO) == 1
    let output = isatty(STDOUT_FILENO) == 1
    let errors = isatty(STDERR_FILENO) == 1
    canPrompt = input && errors && !forbidsInput
    let dumb = environment["TERM"] == "dumb" || (environment["TERM"] ?? "").isEmpty
    let accessible = !(environment["ACCESSIBLE"] ?? "").isEmpty
    isLive = errors && input && !plain && !dumb && !accessible
    // NO_COLOR counts with any non-empty value, "0" included.
    let refused = plain || noColor || !(environment["NO_COLOR"] ?? "").isEmpty || dumb
    let forced = !(environment["CLICOLOR_FORCE"] ?? "").isEmpty && environment["CLICOLOR_FORCE"] != "0"
    colour = !refused && (output || forced)
    var size = winsize()
    let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = max(known ? Int(size.ws_col) : environment["COLUMNS"].flatMap(Int.init) ?? 80, 20)
    recordWidth = output ? width : .max
    height = known && size.ws_row > 0 ? Int(size.ws_row) : 24
  }
}
