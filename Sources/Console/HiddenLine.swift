import Glibc

/// Reads a line that does not show while it is typed. However that ends - Enter, the end of input, Ctrl-C, a polite
/// kill - the terminal shows again what is typed afterwards.
enum HiddenLine {
  /// How the terminal was before; a signal handler can reach nothing but a global.
  nonisolated(unsafe) private static var before = termios()
  private static let endings = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// - Parameter prompt: printed when nothing shows any more, so that nothing can be typed too early.
  /// - Returns: the line without its line break; `nil` at the end of input, or where the terminal cannot hide it.
  static func read(prompt: () -> Void) -> String? {
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    // Stopped by Ctrl-Z it would leave the shell mute.
    let usual = [(SIGTSTP, signal(SIGTSTP, SIG_IGN))] + endings.map { ($0, signal($0, showAndEnd)) }
    defer { for (number, handler) in usual { signal(number, handler) } }
    var hidden = before
    hidden.c_lflag = hidden.c_lflag & ~tcflag_t(ECHO) | tcflag_t(ECHONL)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
    prompt()
    return readLine(strippingNewline: true)
  }

  /// Does only what a signal handler may do.
  private static let showAndEnd: @convention(c) (Int32) -> Void = { number in
    tcsetattr(STDIN_FILENO, TCSANOW, &before)
    signal(number, SIG_DFL)
    raise(number)
  }
}
