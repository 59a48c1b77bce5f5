import Glibc
import Synchronization

/// Reads whole lines from the terminal, on a thread of its own so that a waiting prompt blocks nothing else.
public struct Keyboard: Sendable {
  public init() {}

  /// Asks on the screen and reads the answer, without the spaces around it; `nil` at end of input, or when the task is
  /// cancelled. What was typed before the question stood there does not answer it: the rest of a paste, an Enter too
  /// many. Nor does a line that nobody can have meant.
  public func answer(to prompt: String, on screen: Screen) async -> String? {
    while !Task.isCancelled {
      tcflush(STDIN_FILENO, TCIFLUSH)
      screen.pose(prompt)
      let line = await line()
      // At the end of input nobody pressed Enter, and what follows needs a line of its own.
      if line == nil { screen.ask("\n") }
      screen.typed(line ?? "")
      guard let line, let complaint = Slip.complaint(about: line) else { return line?.trimmed }
      screen.warn(complaint)
    }
    return nil
  }

  /// The next line without its line break; `nil` at end of input, or when the task is cancelled.
  private func line() async -> String? {
    let number = LineReader.shared.ticket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { LineReader.shared.wait(for: number, $0) }
    } onCancel: {
      LineReader.shared.giveUp(number)
    }
  }
}

/// The one thread that reads standard input, while anybody waits for a line. A line that nobody waits for any more is
/// dropped.
private final class LineReader: Sendable {
  static let shared = LineReader()

  private struct State {
    var last = 0
    var givenUp: Set<Int> = []
    var waiting: (number: Int, continuation: CheckedContinuation<String?, Never>)?
    var isReading = false
  }

  private let state = Mutex(State())

  func ticket() -> Int {
    state.withLock { state in
      state.last += 1
      return state.last
    }
  }

  func wait(for number: Int, _ continuation: CheckedContinuation<String?, Never>) {
    let (isOver, mustRead) = state.withLock { state in
      if state.givenUp.remove(number) != nil { return (true, false) }
      state.waiting = (number, continuation)
      defer { state.isReading = true }
      return (false, !state.isReading)
    }
    if isOver { continuation.resume(returning: nil) }
    if mustRead { read() }
  }

  /// The thread stays in its read; the next question takes it over.
  func giveUp(_ number: Int) {
    let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
      guard let waiting = state.waiting, waiting.number == number else {
        state.givenUp.insert(number)
        return nil
      }
      state.waiting = nil
      return waiting.continuation
    }
    waiting?.resume(returning: nil)
  }

  private func read() {
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { _ in
        LineReader.shared.deliver(readLine(strippingNewline: true))
        return nil
      }, nil)
    if started == 0 { pthread_detach(thread) } else { deliver(nil) }
  }

  private func deliver(_ line: String?) {
    let waiting = state.withLock { state in
      defer { (state.waiting, state.isReading) = (nil, false) }
      return state.waiting?.continuation
    }
    waiting?.resume(returning: line)
  }
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
