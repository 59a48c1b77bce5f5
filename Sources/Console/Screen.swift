import Glibc
public import IncidentModel
import Synchronization

/// The two streams: records to standard output, prompts, progress and hints to standard error. Everything that
/// goes out passes the redactor, and foreign text is made visible before it gets here.
///
/// Append-only, but for one line at a time: the status line below everything else, or a pinned line above a prompt.
public final class Screen: Sendable {
  public let style: Style
  public let policy: TerminalPolicy
  private let redactor: Redactor
  private let quiet: Bool

  private struct State {
    /// The line that stands below everything and is rewritten in place.
    var status: String?
    /// How many rows were written since the pinned line; `nil`: no line is pinned.
    var rowsBelowPin: Int?
    /// Columns of the unfinished last row: a prompt.
    var column = 0
    /// Somebody is typing: nothing may move below that.
    var isAsking = false
    /// The title that was shown last; `nil` while the window has its own.
    var title: String?
    /// What the pinned line says.
    var pinned = ""
  }

  private let state = Mutex(State())
  /// What is armed where something is about to happen.
  public let armed = ArmedBoard()

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

  /// What a person who is led has to see, also under `--quiet`.
  public func say(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// A warning or an error: also under `--quiet`.
  public func warn(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// Takes the status line away and asks; it stays away until `typed`.
  func pose(_ prompt: String) {
    showStatus(nil)
    state.withLock { $0.isAsking = true }
    ask(prompt)
  }

  /// A question, without a line break.
  public func ask(_ prompt: String) { write(prompt, to: STDERR_FILENO) }

  /// Without secrets, for whoever breaks a text into lines: half a secret is not recognised.
  func safe(_ text: String) -> String { redactor.redact(text) }

  // MARK: - The one line that moves

  /// Shows a line below everything else, in place of the one before; `nil` takes it away. Only on a live terminal.
  public func showStatus(_ line: String?) {
    guard policy.isLive, !quiet else { return }
    state.withLock { state in
      if state.isAsking || state.status == nil && line == nil { return }
      let shown = line.map { redactor.redact($0).truncated(to: policy.width - 1) }
      state.status = shown
      put("\r\u{1B}[K" + (shown ?? ""), to: STDERR_FILENO)
    }
  }

  /// A line that `repin` can rewrite while a prompt below it waits.
  public func pin(_ line: String) {
    say(line)
    state.withLock { ($0.rowsBelowPin, $0.pinned) = (0, line) }
  }

  /// Rewrites the pinned line, if it can still be reached; the cursor stays where it is.
  /// - Returns: whether the line says so now.
  @discardableResult
  public func repin(_ line: String) -> Bool {
    guard policy.isLive, !quiet else { return false }
    return state.withLock { state in
      guard let rows = state.rowsBelowPin, rows + 1 < policy.height, state.status == nil else { return false }
      if line == state.pinned { return true }
      state.pinned = line
      put("\u{1B}7\u{1B}[\(rows + 1)A\r\(redactor.redact(line))\u{1B}[K\u{1B}8", to: STDERR_FILENO)
      return true
    }
  }

  public func unpin() { state.withLock { $0.rowsBelowPin = nil } }

  /// True while a question stands below everything else.
  var isAsking: Bool { state.withLock { $0.isAsking } }

  /// Somebody typed a line and Enter; the terminal showed it.
  public func typed(_ line: String) {
    state.withLock { state in
      if let rows = state.rowsBelowPin {
        state.rowsBelowPin = rows + 1 + max(state.column + line.displayWidth - 1, 0) / policy.width
      }
      state.column = 0
      state.isAsking = false
    }
  }

  /// Shows something in the title of the terminal's window, and keeps the one it had.
  public func showTitle(_ title: String) {
    guard policy.isLive else { return }
    state.withLock { state in
      if state.title == title { return }
      let keep = state.title == nil ? "\u{1B}[22;2t" : ""
      state.title = title
      put("\(keep)\u{1B}]2;\(redactor.redact(title).visible)\u{7}", to: STDERR_FILENO)
    }
  }

  /// Whether the window has a title of ours.
  var hasTitle: Bool { state.withLock { $0.title != nil } }

  /// Leaves the terminal as it was: no status line, its own title.
  public func settle() {
    showStatus(nil)
    state.withLock { state in
      if state.title != nil { put("\u{1B}[23;2t", to: STDERR_FILENO) }
      state.title = nil
    }
  }

  // MARK: - Writing

  private func write(_ text: String, to descriptor: Int32) {
    let text = redactor.redact(text)
    state.withLock { state in
      if let status = state.status {
        put("\r\u{1B}[K", to: STDERR_FILENO)
        put(text, to: descriptor)
        put(status, to: STDERR_FILENO)
      } else {
        put(text, to: descriptor)
        count(text, &state)
      }
    }
  }

  private func count(_ text: String, _ state: inout State) {
    guard let rows = state.rowsBelowPin else { return }
    var added = 0
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let width = state.column + String(line).withoutColour.displayWidth
      if index == lines.count - 1 {
        state.column = width
      } else {
        added += 1 + max(width - 1, 0) / policy.width
        state.column = 0
      }
    }
    state.rowsBelowPin = rows + added
  }

  private func put(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&output, 1, -1)
        continue
      }
      // What cannot be printed ends the printing, never the run.
      if count <= 0 {
        if descriptor == STDOUT_FILENO { LostRecords.note(errno) }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}

extension String {
  /// Without the colours that `Style` puts around words.
  var withoutColour: String {
    guard contains("\u{1B}") else { return self }
    var result = ""
    var isInside = false
    for character in self {
      if character == "\u{1B}" {
        isInside = true
      } else if !isInside {
        result.append(character)
      } else if character == "m" {
        isInside = false
      }
    }
    return result
  }
}
